import Foundation
import Testing
import Torch

struct ElementwiseTests {
    // a = [1, -2, 4], b = [0.5, 2, -1]
    static let arithmetic: [OperatorCase] = [
        OperatorCase("a + b", [1.5, 0, 3]) { a() + b() },
        OperatorCase("a + number", [3, 0, 6]) { a() + 2 },
        OperatorCase("a - b", [0.5, -4, 5]) { a() - b() },
        OperatorCase("a - number", [0, -3, 3]) { a() - 1 },
        OperatorCase("number - a", [0, 3, -3]) { 1 - a() },
        OperatorCase("a * b", [0.5, -4, -4]) { a() * b() },
        OperatorCase("a * number", [3, -6, 12]) { a() * 3 },
        OperatorCase("number * a", [3, -6, 12]) { 3 * a() },
        OperatorCase("a / b", [2, -1, -4]) { a() / b() },
        OperatorCase("a / number", [0.5, -1, 2]) { a() / 2 },
        OperatorCase("-a", [-1, 2, -4]) { -a() },
        // A column and a row broadcast to a matrix.
        OperatorCase("broadcast", [11, 21, 12, 22], shape: [2, 2]) {
            matrix([1], [2]) + vector(10, 20)
        },
    ]

    static let inPlace: [OperatorCase] = [
        // a + 2 b
        OperatorCase("add_", [2, 2, 2]) { a().add_(b(), alpha: 2) },
        OperatorCase("mul_", [0.5, -4, -4]) { a().mul_(b()) },
        OperatorCase("mul_ number", [0.5, -1, 2]) { a().mul_(0.5) },
        // 1 + 2 * 0.25, -2 + 2 * 4, 4 + 2 * 1
        OperatorCase("addcmul_", [1.5, 6, 6]) { a().addcmul_(b(), b(), value: 2) },
        // 1 + 4 * 0.5 / 1, -2 + 4 * 2 / -2, 4 + 4 * -1 / 4
        OperatorCase("addcdiv_", [3, -6, 3]) { a().addcdiv_(b(), a(), value: 4) },
        // 1 - 0.5 / 4, -2 + 4 / 4, 4 - 5 / 4
        OperatorCase("lerp_", [0.875, -1, 2.75]) { a().lerp_(b(), weight: 0.25) },
        OperatorCase("copy_", [3, 2, 1]) { a().copy_(indices(3, 2, 1)) },
        OperatorCase("zero_", [0, 0, 0]) { a().zero_() },
    ]

    static let functions: [OperatorCase] = [
        OperatorCase("exp", [1, 2.718281828, 0.367879441]) { vector(0, 1, -1).exp() },
        OperatorCase("log", [0, 0.693147181]) { vector(1, 2).log() },
        OperatorCase("sqrt", [2, 1.5]) { vector(4, 2.25).sqrt() },
        OperatorCase("rsqrt", [0.5, 2]) { vector(4, 0.25).rsqrt() },
        OperatorCase("square", [1, 4, 16]) { a().square() },
        OperatorCase("abs", [1, 2, 4]) { a().abs() },
        OperatorCase("sin", [0, 0.5, 1]) { vector(0, .pi / 6, .pi / 2).sin() },
        OperatorCase("cos", [1, 0.5, -1]) { vector(0, .pi / 3, .pi).cos() },
        // 1 / (1 + 1/3) = 3/4
        OperatorCase("sigmoid", [0.5, 0.75]) { vector(0, log(3)).sigmoid() },
        // ln 3 * 3/4
        OperatorCase("silu", [0, 0.823959217]) { vector(0, log(3)).silu() },
        OperatorCase("relu", [1, 0, 4]) { a().relu() },
        OperatorCase("expm1", [0, 2, 1e-9]) { vector(0, log(3), 1e-9).expm1() },
        // -log 2, log 3/4, and no overflow: log(1 / (1 + e^200)) = -200
        OperatorCase("logSigmoid", [-0.693147181, -0.287682072, -200]) {
            vector(0, log(3), -200).logSigmoid()
        },
        OperatorCase("clamped", [1, -1, 2]) { a().clamped(min: -1, max: 2) },
        OperatorCase("clamped from above", [1, -2, 2]) { a().clamped(max: 2) },
        OperatorCase("clamped from below", [1, -1, 4]) { a().clamped(min: -1) },
        OperatorCase("minimum", [0.5, -2, -1]) { .minimum(a(), b()) },
        OperatorCase("maximum", [1, 2, 4]) { .maximum(a(), b()) },
    ]

    static let comparisons: [OperatorCase] = [
        OperatorCase("isFinite", [1, 0, 0, 0]) {
            vector(1, .infinity, -.infinity, .nan).isFinite()
        },
        OperatorCase("equals", [1, 0, 0]) { a().equals(vector(1, 2, -4)) },
        OperatorCase("equals number", [0, 1, 0]) { indices(3, 7, 8).equals(7) },
        OperatorCase("less than", [0, 1, 0]) { a().less(than: b()) },
        OperatorCase("less than number", [0, 1, 0]) { a().less(than: 1) },
        OperatorCase("greater or equal", [1, 0, 1]) { a().greaterOrEqual(vector(1, 0, 0)) },
        OperatorCase("not", [0, 1, 0]) { Tensor([true, false, true]).not() },
        OperatorCase("maskedFill", [1, 9, 4]) { a().maskedFill(a().less(than: 0), 9) },
        OperatorCase("selected", [1, 2, 4]) {
            a().selected(where: Tensor([true, false, true]), else: b())
        },
    ]

    @Test(arguments: arithmetic + inPlace + functions + comparisons)
    func values(_ operation: OperatorCase) { operation.check() }

    @Test func inPlaceChangesTheTensorItself() {
        let x = Self.a()
        #expect(x.add_(Self.b()) !== x)  // another handle of the same memory
        #expect(x.values(Float.self) == [1.5, 0, 3])
        #expect(x.mul_(2).zero_().count == 3)
        #expect(x.values(Float.self) == [0, 0, 0])
    }

    private static func a() -> Tensor { vector(1, -2, 4) }
    private static func b() -> Tensor { vector(0.5, 2, -1) }
}
