import Foundation
import Objectives
import Testing
import Torch
import TorchTestSupport

struct TokenScoresTests {
    private static let count = 37

    init() { startEngine() }

    /// 37 positions of size 6 that predict one of 50 tokens.
    private struct Inputs {
        let hidden: Tensor
        let weight: Tensor
        let targets: Tensor

        /// - Parameter strength: of the logits: with 3 some tokens are nearly certain.
        init(_ dtype: DType = .float32, strength: Double = 1) {
            let generator = Generator(seed: 1)
            hidden = (Tensor.randn([count, 6], generator: generator) * strength).to(dtype)
                .detached()
            weight = Tensor.randn([50, 6], generator: generator).to(dtype)
            targets = .randint(0, 50, [count], generator: generator)
            hidden.requiresGrad = true
        }

        func scores(chunk: Int = 256, _ temperature: Double = 1) -> TokenScores {
            TokenScores(
                hidden: hidden, targets: targets, weight: FrozenWeight(weight), chunk: chunk,
                temperature: temperature)
        }

        /// log p of the targets through all logits at once, in f64, from f64 copies.
        func composed(
            _ hidden: Tensor, _ temperature: Double = 1
        ) -> (targets: Tensor, all: Tensor) {
            let all = (hidden.linear(weight.to(.float64)) / temperature).logSoftmax(-1)
            return (all.gather(1, targets.unsqueeze(1)).squeeze(1), all)
        }
    }

    @Test func byHand() {
        // Logits 0, ln 2, ln 5: probabilities 1/8, 2/8, 5/8. The weight's rows are the logits.
        // Entropy: (log 8) / 8 + (log 4) / 4 + 5 (log 8/5) / 8 = 0.9002560
        let scores = TokenScores(
            hidden: .ones([3, 1]),
            targets: Tensor([Int64]([0, 1, 2])),
            weight: FrozenWeight(
                Tensor([0, log(Float(2)), log(Float(5))], shape: [3, 1])
            ))
        let expected = [1.0 / 8, 2.0 / 8, 5.0 / 8].map { log($0) }
        #expect(distance(scores.logProbabilities, expected) < 1e-6)
        #expect(distance(scores.entropies, [0.9002560, 0.9002560, 0.9002560]) < 1e-6)
        #expect(scores.isTop.values(Float.self) == [0, 0, 1])
    }

    @Test func gradientByHand() throws {
        // d log p_t / d h = W_t - sum p W; W = 0, ln 2, ln 5:
        // mean (2 ln 2 + 5 ln 5) / 8 = 1.1791855; for t = 1, twice the gradient of one.
        let hidden = Tensor.ones([1, 1])
        hidden.requiresGrad = true
        let scores = TokenScores(
            hidden: hidden,
            targets: Tensor([Int64(1)]),
            weight: FrozenWeight(
                Tensor([0, log(Float(2)), log(Float(5))], shape: [3, 1])
            ))
        (scores.logProbabilities * 2).sum().backward()
        #expect(distance(try #require(hidden.grad), [2 * (0.6931472 - 1.1791855)]) < 1e-6)
    }

    @Test(arguments: [1, 2, 36, 37, 38, 256]) func chunksMakeNoDifference(chunk: Int) throws {
        let (inputs, whole) = (Inputs(), Inputs())
        let (scores, expected) = (inputs.scores(chunk: chunk), whole.scores())
        #expect(distance(scores.logProbabilities, expected.logProbabilities) < 1e-5)
        #expect(distance(scores.entropies, expected.entropies) < 1e-5)
        #expect(scores.isTop.isIdentical(to: expected.isTop))
        let slope = Tensor.randn([Self.count], generator: Generator(seed: 2))
        scores.logProbabilities.backward(gradient: slope)
        expected.logProbabilities.backward(gradient: slope)
        let pair = (try #require(inputs.hidden.grad), try #require(whole.hidden.grad))
        #expect(relativeDistance(pair.0, pair.1) < 1e-5)
    }

    /// Compares with all logits at once, in f64.
    ///
    /// bf16 rounds logits of up to 30 by 2^-9 of them; the gradient's two factors are rounded once
    /// each. Nearly certain tokens have small gradients, which must not drown in that of others.
    @Test(arguments: [
        (DType.float32, 1e-5, 1e-5), (.bfloat16, 0.06, 1.0 / 64), (.float64, 1e-6, 1e-6),
    ])
    func isItsComposition(dtype: DType, values: Double, gradients: Double) throws {
        for strength in [1.0, 3] {
            let inputs = Inputs(dtype, strength: strength)
            let hidden = inputs.hidden.to(.float64).detached() + 0
            hidden.requiresGrad = true
            let (expected, all) = inputs.composed(hidden)
            let scores = inputs.scores(chunk: 16)
            #expect(scores.logProbabilities.dtype == .float32)
            #expect(distance(scores.logProbabilities, expected) < values * strength)
            #expect(distance(scores.entropies, -(all.exp() * all).sum(-1)) < values * strength)
            let top = all.argmax(-1).equals(inputs.targets).to(.float32)
            #expect(distance(scores.isTop, top) == 0)
            scores.logProbabilities.sum().backward()
            expected.sum().backward()
            let pair = (try #require(inputs.hidden.grad), try #require(hidden.grad))
            #expect(relativeDistance(pair.0, pair.1) < gradients)
            #expect(pair.0.dtype == dtype)
        }
    }

    /// The logits divided by a temperature, by way of all of them at once in f64.
    @Test(
        arguments: [
            (DType.float32, 1e-5, 1e-5), (.bfloat16, 0.06, 1.0 / 64), (.float64, 1e-6, 1e-6),
        ],
        [0.5, 0.7, 2])
    func temperatureDividesTheLogits(
        precision: (dtype: DType, values: Double, gradients: Double), temperature: Double
    ) throws {
        let inputs = Inputs(precision.dtype)
        let hidden = inputs.hidden.to(.float64).detached() + 0
        hidden.requiresGrad = true
        let (expected, all) = inputs.composed(hidden, temperature)
        let scores = inputs.scores(chunk: 16, temperature)
        #expect(distance(scores.logProbabilities, expected) < 2 * precision.values / temperature)
        #expect(
            distance(scores.entropies, -(all.exp() * all).sum(-1))
                < 2 * precision.values / temperature)
        scores.logProbabilities.sum().backward()
        expected.sum().backward()
        let pair = (try #require(inputs.hidden.grad), try #require(hidden.grad))
        #expect(relativeDistance(pair.0, pair.1) < precision.gradients)
    }

    /// What sampling gives a token, from logits turned into f32, has the bits that training gives
    /// it; at temperature 1 too.
    @Test(arguments: [DType.float32, .bfloat16], [0.7, 1, 1.3])
    func samplingHasTheSameBits(dtype: DType, temperature: Double) {
        let generator = Generator(seed: 3)
        let hidden = Tensor.randn([9, 64], generator: generator).to(dtype)
        let weight = Tensor.randn([5003, 64], generator: generator).to(dtype)
        let targets = Tensor.randint(0, 5003, [9], generator: generator)
        let scores = TokenScores(
            hidden: hidden, targets: targets, weight: FrozenWeight(weight), temperature: temperature
        )
        let logits = hidden.projected(weight).to(.float32)
        let sampled = logits.logProbability(of: targets, scale: 1 / temperature)
        #expect(sampled.isIdentical(to: scores.logProbabilities))
    }

    /// The token is certain but for 1 in 3000; its gradient is that small, and exact to bf16.
    @Test(arguments: [DType.float32, .bfloat16]) func certainTokens(dtype: DType) throws {
        // Logits 8 and 0: p = 1 / (1 + e^-8) and the gradient (1 - p) (W_0 - W_1).
        let hidden = Tensor([Float]([8, 0, 0]), shape: [1, 3]).to(dtype).detached()
        hidden.requiresGrad = true
        let weight = Tensor(rows: [[1, 3, -0.7], [0, 2.5, 0.9]]).to(dtype)
        let scores = TokenScores(
            hidden: hidden, targets: Tensor([Int64(0)]), weight: FrozenWeight(weight))
        scores.logProbabilities.sum().backward()
        let rest = 1 / (1 + exp(8.0))
        let difference = (weight.select(0, 0) - weight.select(0, 1)).to(.float64)
        let expected = (difference * rest).unsqueeze(0)
        #expect(relativeDistance(try #require(hidden.grad), expected) < 1.0 / 64)
    }

    @Test func onlyLogProbabilitiesHaveGradients() {
        let scores = Inputs().scores()
        #expect(scores.logProbabilities.requiresGrad)
        #expect(!scores.entropies.requiresGrad)
        #expect(!scores.isTop.requiresGrad)
        #expect(!withInference { Inputs().scores().logProbabilities.requiresGrad })
    }

    @Test func withAndWithoutGradientsAgree() {
        let inputs = Inputs()
        let quick = withInference { inputs.scores() }
        #expect(quick.logProbabilities.isIdentical(to: inputs.scores().logProbabilities.detached()))
    }

    @Test func nothingToScore() {
        let scores = TokenScores(
            hidden: .zeros([0, 3]),
            targets: .zeros([0], .int64),
            weight: FrozenWeight(
                .zeros([4, 3])
            ))
        #expect(scores.logProbabilities.shape == [0])
    }

    @Test(arguments: [DType.float32, .bfloat16]) func passesOnWhatIsNoNumber(dtype: DType) {
        let weight = Tensor(rows: [[1], [.nan], [2]]).to(dtype)
        let scores = TokenScores(
            hidden: Tensor.ones([1, 1]).to(dtype),
            targets: Tensor([Int64(0)]),
            weight: FrozenWeight(
                weight
            ))
        #expect(scores.logProbabilities.item(Float.self).isNaN)
    }
}
