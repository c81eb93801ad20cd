import Testing
import Torch
import TorchTestSupport

/// An element type and how far a kernel in it may be from the same in f64, as a share of the
/// largest value.
struct Precision: Sendable, CustomTestStringConvertible {
    let dtype: DType
    let values: Double
    let gradients: Double
    var testDescription: String { "\(dtype)" }

    /// f32 has 24 bits: sums of a hundred products stay within 1e-5.
    static let single = Precision(dtype: .float32, values: 1e-5, gradients: 1e-5)
    /// bf16 has 8 bits, so rounding moves a number by up to 2^-9 of it.
    ///
    /// Values are rounded twice (an inner result, the result); gradients once more for each
    /// further product.
    static let half = Precision(dtype: .bfloat16, values: 1.0 / 128, gradients: 1.0 / 64)
    /// No kernel takes f64: these are the compositions that other devices use.
    ///
    /// Their rotation is in f32.
    static let double = Precision(dtype: .float64, values: 1e-6, gradients: 1e-6)

    static let all = [single, half, double]
}

/// A kernel and the same as a composition of libtorch's operators.
struct KernelCheck {
    typealias Run = ([Tensor]) -> Tensor

    let kernel: Run
    /// Gets the kernel's inputs in f64.
    let composition: Run

    /// Compares values and the gradients of all inputs, for random gradients of the output.
    func run(_ inputs: [Tensor], _ precision: Precision) throws {
        let leaves = inputs.map { leaf($0) }
        let doubles = inputs.map { leaf($0.to(.float64)) }
        let (y, expected) = (kernel(leaves), composition(doubles))
        #expect(relativeDistance(y, expected) <= precision.values)
        #expect(y.dtype == leaves[0].dtype)
        let gradient = Tensor.randn(y.shape, generator: Generator(seed: 77)).to(y.dtype)
        y.backward(gradient: gradient)
        expected.backward(gradient: gradient.to(.float64))
        for (index, (found, wanted)) in zip(leaves, doubles).enumerated() {
            let difference = relativeDistance(try #require(found.grad), try #require(wanted.grad))
            #expect(difference <= precision.gradients, "gradient of input \(index)")
        }
    }

    private func leaf(_ tensor: Tensor) -> Tensor {
        let leaf = tensor.detached() + 0
        leaf.requiresGrad = true
        return leaf
    }
}

/// Standard normal numbers.
func normal(_ shape: [Int], seed: UInt64, _ dtype: DType = .float32) -> Tensor {
    Tensor.randn(shape, generator: Generator(seed: seed)).to(dtype)
}
