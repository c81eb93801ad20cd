import Checkpoints
import Models
import Testing
import Torch
import TorchTestSupport

struct ScoreHeadTests {
    init() { startEngine() }

    @Test func byHand() throws {
        // 1 * 2 + 2 * (-1) + 3 * 0.5 = 1.5 and 0 * 2 + 1 * (-1) + 4 * 0.5 = 1
        let head = ScoreHead(weight: Tensor(rows: [[2, -1, 0.5]]))
        let hidden = Tensor(rows: [[1, 2, 3], [0, 1, 4]])
        hidden.requiresGrad = true
        let scores = head.scores(hidden)
        #expect(scores.values(Float.self) == [1.5, 1])
        // d (s_0 + 2 s_1) / d weight = h_0 + 2 h_1, / d h_0 = weight, / d h_1 = 2 weight
        (scores * Tensor([Float(1), 2])).sum().backward()
        #expect(try #require(head.weight.grad).values(Float.self) == [1, 4, 11])
        #expect(try #require(hidden.grad).values(Float.self) == [2, -1, 0.5, 4, -2, 1])
    }

    /// In bf16 the product would be rounded to 2^-8; it is taken in f32.
    @Test func productOfBFloat16IsTakenInFloat32() throws {
        let generator = Generator(seed: 1)
        let head = ScoreHead(weight: .randn([1, 64], generator: generator))
        let hidden = Tensor.randn([9, 64], generator: generator).to(.bfloat16)
        let expected = hidden.to(.float32).matmul(head.weight.detached().transpose(0, 1)).view(9)
        hidden.requiresGrad = true
        let scores = head.scores(hidden)
        #expect(scores.dtype == .float32)
        #expect(distance(scores, expected) < 1e-4)
        scores.sum().backward()
        #expect(try #require(hidden.grad).dtype == .bfloat16)
        #expect(try #require(head.weight.grad).dtype == .float32)
    }

    @Test func aRowsScoreDoesNotDependOnTheOthers() {
        let generator = Generator(seed: 2)
        let head = ScoreHead(size: 576, generator: generator)
        let hidden = Tensor.randn([300, 576], generator: generator)
        let together = withInference { head.scores(hidden) }
        for row in [0, 1, 150, 299] {
            let alone = withInference { head.scores(hidden.slice(0, row..<(row + 1))) }
            #expect(alone.item(Float.self) == together.select(0, row).item(Float.self))
        }
    }

    @Test func starts() {
        let heads = [3, 3, 4].map { ScoreHead(size: 10_000, generator: Generator(seed: $0)) }
        #expect(heads[0].weight.isIdentical(to: heads[1].weight))
        #expect(!heads[0].weight.isIdentical(to: heads[2].weight))
        // 10,000 draws give the deviation within 0.7% and the mean within 0.0002.
        let weight = heads[0].weight.detached()
        #expect(weight.shape == [1, 10_000] && heads[0].weight.requiresGrad)
        #expect(abs(weight.square().mean().item(Double.self).squareRoot() - 0.02) < 6e-4)
        #expect(abs(weight.mean().item(Double.self)) < 8e-4)
        let zero = ScoreHead(zeroOfSize: 5)
        #expect(zero.weight.values(Float.self) == [0, 0, 0, 0, 0] && zero.weight.requiresGrad)
    }

    /// A critic that starts from the reward model's head must not train it.
    @Test func weightIsCopied() {
        let given = Tensor(rows: [[1, 2]])
        let head = ScoreHead(weight: given)
        withoutGradients { _ = head.weight.mul_(3) }
        #expect(given.values(Float.self) == [1, 2])
    }

    /// Adapter and head that PEFT wrote: the numbers of transformers at every position, and the
    /// gradients of a pair's loss.
    @Test(arguments: [false, true]) func scoresAreThoseOfPEFT(recomputing: Bool) throws {
        let fixture = try ModelFixture("tiny-reward")
        let (configuration, modules, score, _) = try AdapterFiles.read(fixture.folder)
        let head = ScoreHead(weight: try #require(score))
        let decoder = try ModelFixture("tiny-llama").decoder()
        try decoder.attachAdapters(configuration, modules, name: "reward")
        decoder.recomputesActivations = recomputing
        let batch = TokenBatch(try fixture.sequences("tokens"))
        let scores = decoder.adapters.with("reward") { head.scores(decoder.hidden(batch)) }
        #expect(distance(scores, try fixture.tensor("scores").view(48)) < 1e-5)
        let last = scores.indexSelect(0, Tensor(batch.lastRows.map(Int64.init)))
        #expect(distance(last, try fixture.tensor("logits")) < 1e-5)
        let loss = -(last.select(0, 0) - last.select(0, 1)).logSigmoid()
        #expect(relativeDistance(loss, try fixture.tensor("loss")) < 1e-5)
        loss.backward()
        let expected = { (name: String) in
            try fixture.tensor("gradient.base_model.model.\(name)")
        }
        let found = try #require(head.weight.grad)
        #expect(relativeDistance(found, try expected("score.weight")) < 1e-5)
        for module in decoder.adapterModules("reward") {
            for (half, weight) in [("A", module.a), ("B", module.b)] {
                let found = try #require(weight.grad)
                let gradient = try expected("\(module.path).lora_\(half).weight")
                #expect(relativeDistance(found, gradient) <= 1e-4, "\(module.path) \(half)")
            }
        }
    }
}
