import Checkpoints
import Datasets
import Generation
import Models
import Testing
import Torch
import TorchTestSupport

/// A group of completions against one whole sequence for each, on the default model with an
/// adapter that matters.
@Suite(.serialized, .enabled(if: RealModel.isPresent, RealModel.reason))
struct SharedPromptScoringTests {
    private func adapted(_ dtype: DType) throws -> RealModel {
        let real = try RealModel(dtype: dtype)
        let configuration = AdapterConfiguration(
            baseModel: "",
            rank: 4,
            alpha: 8,
            dropout: 0,
            rankStabilised: false,
            targets: [Decoder.allLinear]
        )
        try real.model.decoder.attachAdapters(configuration, seed: 1)
        let generator = Generator(seed: 2)
        for module in real.model.decoder.adapterModules() {
            let noise = Tensor.randn(module.b.shape, generator: generator) * 0.02
            withoutGradients { _ = module.b.copy_(noise) }
        }
        return real
    }

    private func groups(_ real: RealModel) throws -> [PromptGroup] {
        let answers = [
            ["Thirst.", "A dry mouth, dark urine and dizziness are signs of it.", "No"],
            ["Hello! How can I help you today?", "Hi"],
            ["Wash it once a month and let it dry in the air; it slows the spray."],
        ]
        return try zip(real.prompts(), answers).map { prompt, answers in
            let completions = answers.map { real.model.encoding.encode($0, beginning: false) }
            return PromptGroup(prompt: prompt, completions: completions, id: "")
        }
    }

    private func unshared(_ groups: [PromptGroup]) -> [TokenizedExample] {
        groups.flatMap { group in
            group.completions.map { completion in
                TokenizedExample(
                    id: nil,
                    line: 1,
                    identity: 0,
                    tokenIDs: group.prompt + completion,
                    labels: group.prompt.map { _ in false } + completion.map { _ in true }
                )
            }
        }
    }

    /// log p of each target, and the adapters' gradients of a weighted sum of them.
    private func run(_ batch: PackedBatch, _ real: RealModel) throws -> (Tensor, [Tensor]) {
        let modules = real.model.decoder.adapterModules()
        for module in modules { (module.a.grad, module.b.grad) = (nil, nil) }
        let scores = try real.model.scores(of: batch).logProbabilities
        let weights = Tensor.randn([batch.labelCount], generator: Generator(seed: 3))
        (scores * weights).sum().backward()
        let gradients = try modules.flatMap {
            [try #require($0.a.grad), try #require($0.b.grad)]
        }
        return (scores.detached(), gradients)
    }

    /// Length of the difference as a share of the length.
    private func difference(_ found: [Tensor], _ expected: [Tensor]) -> Double {
        let squares = { (tensors: [Tensor]) in
            tensors.reduce(0) { $0 + $1.to(.float64).square().sum().item(Double.self) }
        }
        return (squares(zip(found, expected).map { $0 - $1 }) / squares(expected)).squareRoot()
    }

    /// bf16 rounds each of thirty layers' gradients, here once for a prompt, there for each copy.
    @Test(arguments: [(DType.float32, 1e-5), (.bfloat16, 1.0 / 32)])
    func isTheSameAsAPromptForEach(precision: (DType, Double)) throws {
        let real = try adapted(precision.0)
        let groups = try groups(real)
        let (batch, plain) = (PackedBatch(groups: groups), PackedBatch(unshared(groups)))
        #expect(batch.tokenCount < plain.tokenCount)
        #expect(batch.completionLengths == plain.completionLengths)
        let (values, gradients) = try run(batch, real)
        let (expected, expectedGradients) = try run(plain, real)
        #expect(values.isIdentical(to: expected))
        #expect(gradients.count == expectedGradients.count)
        #expect(difference(gradients, expectedGradients) <= precision.1)
    }
}
