import Testing
import Torch
import TorchTestSupport

/// A call of one operator and what it must return.
struct OperatorCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    private let expected: [Double]
    private let shape: [Int]
    private let result: @Sendable () -> Tensor

    /// - Parameter shape: of the result; nil means one dimension.
    init(
        _ name: String,
        _ expected: [Double],
        shape: [Int]? = nil,
        _ result: @escaping @Sendable () -> Tensor
    ) {
        testDescription = name
        self.expected = expected
        self.shape = shape ?? [expected.count]
        self.result = result
    }

    /// Compares to f32's precision.
    func check() {
        startEngine()
        let tensor = result()
        #expect(tensor.shape == shape)
        let largest = expected.filter(\.isFinite).map(abs).max() ?? 0
        #expect(distance(tensor, expected) <= 1e-6 * max(1, largest))
    }
}

/// An f32 tensor of one dimension.
func vector(_ values: Float...) -> Tensor { Tensor(values) }

/// An int64 tensor of one dimension.
func indices(_ values: Int64...) -> Tensor { Tensor(values) }

/// An f32 tensor of two dimensions.
func matrix(_ rows: [Float]...) -> Tensor { Tensor(rows: rows) }
