import Testing
import Torch
import TorchTestSupport

/// Rows behind the last sequence are padding.
struct AttentionPaddingTests {
    @Test func paddingIsZeroAndChangesNothing() {
        startEngine()
        let rows = Tensor.randn([70, 24], generator: Generator(seed: 3)).detached()
        let padded = Tensor.cat([rows, Tensor.full([10, 24], 7)]).detached()
        let (plain, longer) = (attended(rows), attended(padded))
        #expect(
            longer.output.slice(0, 0..<70).values(Float.self) == plain.output.values(Float.self))
        #expect(longer.output.slice(0, 70..<80).values(Float.self).allSatisfy { $0 == 0 })
        #expect(
            longer.gradient.slice(0, 0..<70).values(Float.self) == plain.gradient.values(Float.self)
        )
        #expect(longer.gradient.slice(0, 70..<80).values(Float.self).allSatisfy { $0 == 0 })
    }

    private func attended(_ rows: Tensor) -> (output: Tensor, gradient: Tensor) {
        rows.requiresGrad = true
        let output = rows.packedAttention(lengths: [66, 4], heads: 1, keyValueHeads: 1, scale: 0.5)
        output.square().sum().backward()
        return (output.detached(), rows.grad ?? .zeros([0]))
    }
}
