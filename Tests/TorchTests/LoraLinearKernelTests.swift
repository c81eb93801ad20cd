import Testing
import Torch
import TorchTestSupport

struct LoraLinearKernelTests {
    init() { startEngine() }

    /// One adapted part of the weight.
    struct Part: Sendable {
        let start: Int
        let rows: Int
        let rank: Int
        let scale: Double
    }

    private let weight = normal([12, 7], seed: 1)
    private let bias = normal([12], seed: 2)

    /// x W^T + bias, and scale (x mask) A^T B^T added to the rows of each part.
    private func composition(_ parts: [Part], _ mask: Tensor?, _ dtype: DType) -> KernelCheck.Run {
        { inputs in
            let wide = { (tensor: Tensor) in tensor.to(dtype).to(.float64) }
            let x = inputs[0]
            let y = x.linear(wide(weight), bias: wide(bias))
            let dropped = mask.map { x * wide($0) } ?? x
            let updates = parts.enumerated().map { index, part in
                let (a, b) = (inputs[1 + index], inputs[1 + parts.count + index])
                let update = dropped.linear(a).linear(b) * part.scale
                let before = Tensor.zeros([x.size(0), part.start], .float64)
                let after = Tensor.zeros([x.size(0), 12 - part.start - part.rows], .float64)
                return Tensor.cat([before, update, after], dim: 1)
            }
            return updates.reduce(y, +)
        }
    }

    private func check(_ parts: [Part], mask: Tensor?, precision: Precision, rows: Int) throws {
        let dtype = precision.dtype
        let check = KernelCheck(
            kernel: { inputs in
                inputs[0].loraLinear(
                    weight.to(dtype),
                    bias: bias.to(dtype),
                    mask: mask?.to(dtype),
                    starts: parts.map(\.start),
                    scales: parts.map(\.scale),
                    a: Array(inputs[1...parts.count]),
                    b: Array(inputs[(1 + parts.count)...])
                )
            },
            composition: composition(parts, mask, dtype)
        )
        let a = parts.enumerated().map { normal([$1.rank, 7], seed: 10 + UInt64($0)) }
        let b = parts.enumerated().map { normal([$1.rows, $1.rank], seed: 20 + UInt64($0)) }
        try check.run([normal([rows, 7], seed: 3, dtype)] + a + b, precision)
    }

    static let layouts: [[Part]] = [
        [Part(start: 0, rows: 12, rank: 3, scale: 2)],
        // The middle part only, as when k is adapted and q and v are not.
        [Part(start: 5, rows: 4, rank: 2, scale: 0.5)],
        [
            Part(start: 0, rows: 5, rank: 3, scale: 2),
            Part(start: 5, rows: 4, rank: 1, scale: 0.5),
            Part(start: 9, rows: 3, rank: 4, scale: 1.5),
        ],
        [Part(start: 0, rows: 5, rank: 2, scale: 1), Part(start: 9, rows: 3, rank: 2, scale: 3)],
    ]

    @Test(arguments: [Precision.single, .half], layouts)
    func isItsComposition(precision: Precision, parts: [Part]) throws {
        for rows in [1, 3, 65] { try check(parts, mask: nil, precision: precision, rows: rows) }
    }

    @Test(arguments: [Precision.single, .half], layouts)
    func masksTheAdaptersInputOnly(precision: Precision, parts: [Part]) throws {
        let mask = Tensor.empty([9, 7]).bernoulli(0.5, generator: Generator(seed: 8)) * 2
        try check(parts, mask: mask, precision: precision, rows: 9)
    }

    @Test func byHand() {
        // W x = 1 * 3 + 2 * 4 = 11, bias 100; A x = 1 * 5 + 2 * 6 = 17, B 2, scale 0.5: 17 more.
        // With the mask (0, 2): A x = 2 * 2 * 6 = 24, so 24 more.
        let (x, a, b) = (matrix([1, 2]), matrix([5, 6]), matrix([2]))
        let run = { (mask: Tensor?) in
            x.loraLinear(
                matrix([3, 4]),
                bias: vector(100),
                mask: mask,
                starts: [0],
                scales: [0.5],
                a: [a],
                b: [b]
            )
        }
        #expect(run(nil).values(Float.self) == [128])
        #expect(run(matrix([0, 2])).values(Float.self) == [135])
    }

    @Test func frozenInputAndNoBias() throws {
        let (a, b) = (normal([2, 7], seed: 5), normal([12, 2], seed: 6))
        for tensor in [a, b] { tensor.requiresGrad = true }
        let x = normal([4, 7], seed: 7)
        let y = x.loraLinear(weight, bias: nil, mask: nil, starts: [0], scales: [1], a: [a], b: [b])
        #expect(distance(y, x.linear(weight) + x.linear(a).linear(b)) < 1e-5)
        y.sum().backward()
        #expect(try #require(a.grad).shape == [2, 7])
        #expect(weight.grad == nil)
        #expect(x.grad == nil)
    }
}
