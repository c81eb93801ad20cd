import Layers
import Testing
import Torch
import TorchTestSupport

struct LowRankAdapterTests {
    init() { startEngine() }

    @Test func scales() {
        // alpha / r = 32 / 16 and alpha / sqrt r = 32 / 4
        #expect(LowRankSettings(rank: 16, alpha: 32).scale == 2)
        #expect(LowRankSettings(rank: 16, alpha: 32, rankStabilised: true).scale == 8)
        #expect(LowRankSettings(rank: 1, alpha: 3, rankStabilised: true).scale == 3)
    }

    @Test func startsAsNoChange() {
        let settings = LowRankSettings(rank: 8, alpha: 16)
        let adapter = LowRankAdapter(
            inputs: 100,
            outputs: 6,
            settings: settings,
            generator: Generator(seed: 1)
        )
        #expect(adapter.a.shape == [8, 100])
        #expect(adapter.b.shape == [6, 8])
        #expect(adapter.a.requiresGrad && adapter.b.requiresGrad)
        #expect(distance(adapter.b, .zeros([6, 8])) == 0)
        #expect(distance(adapter.update, .zeros([6, 100])) == 0)
        // Uniform in +-1 / sqrt 100: the variance is 0.1^2 / 3; 800 draws give it within 15%.
        let largest = adapter.a.abs().values(Double.self).max() ?? 0
        #expect(largest <= 0.1 && largest > 0.099)
        let variance = adapter.a.square().mean().item(Double.self)
        #expect(abs(variance / (0.01 / 3) - 1) < 0.15)
        #expect(abs(adapter.a.mean().item(Double.self)) < 0.01)
    }

    @Test func sameSeedSameAdapter() {
        let adapters = [4, 4, 5].map { seed in
            LowRankAdapter(
                inputs: 3,
                outputs: 2,
                settings: LowRankSettings(rank: 2),
                generator: Generator(seed: seed)
            )
        }
        #expect(adapters[0].a.isIdentical(to: adapters[1].a))
        #expect(!adapters[0].a.isIdentical(to: adapters[2].a))
    }

    @Test func updateByHand() {
        // scale 6 / 2 = 3; B A = [1 2; 3 4] [1 0 1; 0 1 1] = [1 2 3; 3 4 7]
        let adapter = LowRankAdapter(
            a: Tensor(rows: [[1, 0, 1], [0, 1, 1]]),
            b: Tensor(rows: [[1, 2], [3, 4]]),
            settings: LowRankSettings(rank: 2, alpha: 6)
        )
        #expect(adapter.update.values(Float.self) == [3, 6, 9, 9, 12, 21])
        #expect(!adapter.update.requiresGrad)
    }
}
