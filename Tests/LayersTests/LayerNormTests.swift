import Layers
import Testing
import Torch
import TorchTestSupport

struct LayerNormTests {
    /// mean 3, variance 4: (1 - 3) / 2 * 2 + 1 and (5 - 3) / 2 * 3 - 1.
    @Test func normalisesRows() {
        startEngine()
        let norm = LayerNorm(
            weight: Tensor([Float]([2, 3])), bias: Tensor([Float]([1, -1])), epsilon: 1e-12)
        let y = norm(Tensor(rows: [[1, 5], [10, 50]]))
        #expect(distance(y, [-1, 2, -1, 2]) <= 1e-6)
    }
}
