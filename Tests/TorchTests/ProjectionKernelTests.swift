import Testing
import Torch
import TorchTestSupport

struct ProjectionKernelTests {
    init() { startEngine() }

    // Rows up to 16 go another way than more; widths around the vector lengths.
    static let rows = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 40]
    static let sizes = [[1, 1], [7, 5], [16, 2], [33, 130], [576, 259]]

    @Test(arguments: Precision.all, sizes) func isALinearLayer(precision: Precision, size: [Int]) {
        let weight = normal([size[1], size[0]], seed: 1, precision.dtype)
        let bias = normal([size[1]], seed: 2, precision.dtype)
        for rows in Self.rows {
            let x = normal([rows, size[0]], seed: 3, precision.dtype)
            let expected = x.to(.float64).linear(weight.to(.float64))
            let plain = withInference { x.projected(weight) }
            #expect(plain.dtype == precision.dtype)
            #expect(relativeDistance(plain, expected) <= precision.values, "\(rows) rows")
            let shifted = withInference { x.projected(weight, bias: bias) }
            let sum = expected + bias.to(.float64)
            #expect(relativeDistance(shifted, sum) <= precision.values, "\(rows) rows and a bias")
        }
    }

    @Test(arguments: Precision.all) func ofOtherLayouts(precision: Precision) {
        let x = normal([20, 3], seed: 1, precision.dtype).transpose(0, 1)
        let weight = normal([20, 9], seed: 2, precision.dtype).transpose(0, 1)
        let expected = x.to(.float64).linear(weight.to(.float64))
        let y = withInference { x.projected(weight) }
        #expect(relativeDistance(y, expected) <= precision.values)
        let dense = withInference { x.projected(weight.contiguous()) }
        #expect(relativeDistance(dense, expected) <= precision.values)
    }

    @Test(arguments: [2, 30]) func hasGradients(rows: Int) throws {
        let weight = normal([5, 7], seed: 1)
        let check = KernelCheck(kernel: { $0[0].projected(weight) }) {
            $0[0].linear(weight.to(.float64))
        }
        try check.run([normal([rows, 7], seed: 2)], .single)
    }

    /// The same values as of a frozen weight, and gradients to weight and bias, kept in f32.
    @Test(arguments: [Precision.single, .half], [2, 30])
    func trainedWeightsHaveGradients(precision: Precision, rows: Int) throws {
        let (weight, bias) = (normal([5, 7], seed: 1), normal([5], seed: 3))
        let x = normal([rows, 7], seed: 2, precision.dtype)
        let frozen = x.projected(weight.to(precision.dtype), bias: bias)
        #expect(x.trainedProjection(weight, bias: bias).isIdentical(to: frozen))
        let check = KernelCheck(kernel: { $0[0].trainedProjection($0[1], bias: $0[2]) }) {
            $0[0].linear($0[1], bias: $0[2])
        }
        try check.run([x, weight, bias], precision)
        weight.requiresGrad = true
        x.trainedProjection(weight, bias: nil).sum().backward()
        #expect(weight.grad?.dtype == .float32)
    }

    /// A row says the same whoever its neighbours are, bit by bit, with adapters and without: one
    /// token in decoding as a thousand in training.
    @Test(arguments: [DType.float32, .bfloat16]) func rowsDoNotSeeEachOther(dtype: DType) {
        let x = normal([150, 576], seed: 1, dtype)
        let weight = normal([100, 576], seed: 2, dtype)
        let bias = normal([100], seed: 3, dtype)
        let a = [normal([5, 576], seed: 4)]
        let b = [normal([60, 5], seed: 5)]
        withInference {
            let pair = Tensor.packAdapters(for: weight, starts: [40], scales: [2], a: a, b: b)
            let plain = x.projected(weight)
            let adapted = x.loraLinear(weight, bias: bias, packed: pair)
            for rows in [0..<1, 9..<11, 20..<23, 0..<5, 30..<38, 50..<66, 3..<20, 60..<150] {
                let some = x.slice(0, rows)
                #expect(some.projected(weight).isIdentical(to: plain.slice(0, rows)), "\(rows)")
                let other = some.loraLinear(weight, bias: bias, packed: pair)
                #expect(other.isIdentical(to: adapted.slice(0, rows)), "\(rows)")
            }
        }
    }

    @Test(arguments: [Precision.single, .half], [1, 3, 16, 17])
    func packedAdaptersAreAdapters(precision: Precision, rows: Int) {
        let dtype = precision.dtype
        let (x, weight) = (normal([rows, 7], seed: 1, dtype), normal([12, 7], seed: 2, dtype))
        let bias = normal([12], seed: 3, dtype)
        let a = [normal([3, 7], seed: 4), normal([1, 7], seed: 5)]
        let b = [normal([5, 3], seed: 6), normal([4, 1], seed: 7)]
        withInference {
            let pair = Tensor.packAdapters(
                for: weight,
                starts: [0, 8],
                scales: [2, 0.5],
                a: a,
                b: b
            )
            #expect(pair.a.shape == [4, 7] && pair.b.shape == [12, 4])
            #expect(pair.a.dtype == dtype && pair.b.dtype == dtype)
            let y = x.loraLinear(weight, bias: bias, packed: pair)
            let whole = x.loraLinear(
                weight.to(dtype),
                bias: bias,
                mask: nil,
                starts: [0, 8],
                scales: [2, 0.5],
                a: a,
                b: b
            )
            #expect(relativeDistance(y, whole) <= precision.values)
        }
    }
}
