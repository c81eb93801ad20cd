import Layers
import Testing
import Torch
import TorchTestSupport

struct RMSNormTests {
    @Test func byHand() {
        startEngine()
        // mean square (9 + 16) / 2 + 3.5 = 16: divided by 4, times 1 and 2
        let norm = RMSNorm(weight: Tensor([Float]([1, 2])), epsilon: 3.5)
        #expect(norm(Tensor(rows: [[3, 4]])).values(Float.self) == [0.75, 2])
    }
}
