import Testing
import Torch
import TorchTestSupport

struct ThreadTests {
    init() { startEngine() }

    @Test(arguments: [DType.float32, .bfloat16])
    func countDoesNotChangeABit(dtype: DType) throws {
        let (one, two) = (try results(threads: 1, dtype), try results(threads: 2, dtype))
        #expect(one.count == two.count)
        for (a, b) in zip(one, two) { #expect(a.isIdentical(to: b)) }
    }

    /// Values and gradients of the kernels that share their work out over threads.
    private func results(threads: Int, _ dtype: DType) throws -> [Tensor] {
        try Runtime.start(threads: threads)
        defer { try? Runtime.start(threads: 2) }
        #expect(Runtime.threads == threads)
        let layout = HeadLayout(heads: 6, shared: 2, size: 16)
        let rows = normal([200, layout.width], seed: 1, dtype)
        rows.requiresGrad = true
        let angles = normal([200, 8], seed: 2)
        let turned = rows.rotary(cosine: angles.cos(), sine: angles.sin(), heads: 8, size: 16)
        let y = layout.packed(turned, [7, 130, 63]).swiglu()
        y.backward(gradient: normal(y.shape, seed: 3, dtype))
        return [y.detached()] + [rows.grad].compactMap { $0 }
    }
}
