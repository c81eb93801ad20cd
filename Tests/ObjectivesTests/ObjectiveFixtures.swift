import Foundation
import TestSupport
import Testing
import Torch
import TorchTestSupport

/// What TRL computed; made by `preference_objectives.py`, `policy_objectives.py` and
/// `ppo_objectives.py`.
func fixture<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
    let url = TestFiles.fixtures.appending(path: "objectives/\(name).json")
    return try JSONDecoder().decode(type, from: Data(contentsOf: url))
}

/// Several completions, one after another in one list of tokens.
struct Ragged {
    let lengths: [Int]

    /// The tokens of some of the completions.
    func tokens(_ completions: Range<Int>) -> Range<Int> {
        let start = lengths[..<completions.lowerBound].reduce(0, +)
        return start..<start + lengths[completions].reduce(0, +)
    }
}

/// A loss and the gradient of the one leaf it was computed from.
struct Graded {
    let loss: Double
    let gradient: Tensor

    /// Adds up the micro-batches that `loss` makes of parts of a step.
    ///
    /// - Parameter parts: ranges of completions or pairs.
    init(
        _ values: [Float], parts: [Range<Int>], _ loss: (Tensor, Range<Int>) throws -> Tensor
    ) throws {
        let leaf = Tensor(values)
        leaf.requiresGrad = true
        var total = 0.0
        for part in parts {
            let value = try loss(leaf, part)
            total += value.item(Double.self)
            value.backward()
        }
        self.loss = total
        gradient = try #require(leaf.grad)
    }

    /// Compares with what another program computed.
    func expect(_ loss: Double, _ gradient: [Double]) {
        #expect(agree(self.loss, loss))
        #expect(relativeDistance(self.gradient, Tensor(gradient)) < 1e-5)
    }
}

/// A step taken whole and cut in several ways: the results must be the same.
///
/// - Returns: the whole.
func cutEveryWay(
    _ values: [Float], count: Int, _ loss: (Tensor, Range<Int>) throws -> Tensor
) throws -> Graded {
    let whole = try Graded(values, parts: [0..<count], loss)
    let ones = (0..<count).map { $0..<$0 + 1 }
    for parts in [[0..<1, 1..<count], [0..<count - 2, count - 2..<count], ones] {
        let sum = try Graded(values, parts: parts, loss)
        #expect(agree(sum.loss, whole.loss))
        #expect(relativeDistance(sum.gradient, whole.gradient) < 1e-5)
    }
    return whole
}

/// Equal within 1e-5, relative where the number is above 1.
func agree(_ a: Double, _ b: Double?) -> Bool {
    guard let b else { return false }
    return abs(a - b) <= 1e-5 * max(1, abs(b))
}

/// As ``agree(_:_:)-(Double,_)`` element by element.
func agree(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { agree($0, $1) }
}

/// Mean of all elements.
func mean(_ tensor: Tensor) -> Double { tensor.mean().item(Double.self) }
