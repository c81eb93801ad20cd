import Checkpoints
import Foundation
import Models
import Objectives
import Optimizers
import Testing
import Torch
import TorchTestSupport

/// Six optimizer steps of LoRA on tiny-llama against PyTorch, transformers and PEFT.
struct TrainingTests {
    private struct Expected: Decodable {
        struct Settings: Decodable {
            let learningRate, adamBeta1, adamBeta2, adamEpsilon, weightDecay: Double
            let maxGradNorm, loraAlpha: Double
            let warmupSteps, maxSteps, loraR: Int
        }
        struct Step: Decodable { let loss, learningRate, gradNorm: Double }
        let settings: Settings
        let steps: [Step]
    }

    private let fixture: ModelFixture
    private let expected: Expected
    private let decoder: Decoder
    private let parameters: [(name: String, tensor: Tensor)]

    init() throws {
        fixture = try ModelFixture("tiny-train")
        let reader = JSONDecoder()
        reader.keyDecodingStrategy = .convertFromSnakeCase
        let json = try Data(contentsOf: fixture.folder.appending(path: "expected.json"))
        expected = try reader.decode(Expected.self, from: json)
        decoder = try ModelFixture("tiny-llama").decoder()
        let configuration = AdapterConfiguration(
            baseModel: "",
            rank: expected.settings.loraR,
            alpha: expected.settings.loraAlpha,
            dropout: 0,
            rankStabilised: false,
            targets: [Decoder.allLinear]
        )
        try decoder.attachAdapters(configuration, seed: 0)
        parameters = decoder.adapterModules().flatMap { module in
            [("lora_A", module.a), ("lora_B", module.b)].map { half, tensor in
                ("base_model.model.\(module.path).\(half).weight", tensor)
            }
        }
        for (name, tensor) in parameters {
            let initial = try fixture.tensor("initial.\(name)")
            withoutGradients { _ = tensor.copy_(initial) }
        }
    }

    /// Loss and gradient of one step, cut into micro-batches of `rows` rows.
    private func accumulate(_ step: Int, rows: Int) throws -> Double {
        let tokens = try fixture.tensor("tokens").select(0, step)
        let labels = try fixture.tensor("labels").select(0, step)
        let labelled = labels.slice(1, 1..<16).values(Int64.self).count { $0 >= 0 }
        var loss = 0.0
        for start in stride(from: 0, to: 2, by: rows) {
            let sequences = (start..<(start + rows)).map { tokens.select(0, $0).values(Int32.self) }
            // Row t of a sequence predicts its token t + 1.
            var (places, targets) = ([Int64](), [Int64]())
            for row in 0..<rows {
                let wanted = labels.select(0, start + row).values(Int64.self)
                for place in 1..<16 where wanted[place] >= 0 {
                    places.append(Int64(row * 16 + place - 1))
                    targets.append(wanted[place])
                }
            }
            let hidden = decoder.hidden(TokenBatch(sequences)).indexSelect(0, Tensor(places))
            let scores = TokenScores(
                hidden: hidden,
                targets: Tensor(targets),
                weight: decoder.outputWeight,
                chunk: 7
            )
            let part = SupervisedLoss.nll(scores.logProbabilities, normaliser: labelled)
            part.backward()
            loss += part.item(Double.self)
        }
        return loss
    }

    @Test(arguments: [(2, false), (1, false), (2, true)])
    func trajectoryIsTheReference(rows: Int, recomputing: Bool) throws {
        let settings = expected.settings
        let optimizer = AdamW(
            parameters,
            settings: .init(
                beta1: settings.adamBeta1,
                beta2: settings.adamBeta2,
                epsilon: settings.adamEpsilon,
                weightDecay: settings.weightDecay
            )
        )
        let schedule = Schedule(
            .cosine,
            peak: settings.learningRate,
            warmupSteps: settings.warmupSteps,
            totalSteps: settings.maxSteps
        )
        decoder.recomputesActivations = recomputing
        for (number, step) in expected.steps.enumerated() {
            let loss = try accumulate(number, rows: rows)
            let norm = clipGradients(parameters.map(\.tensor), limit: settings.maxGradNorm)
            let rate = schedule.rate(at: number)
            optimizer.update(learningRate: rate)
            optimizer.clearGradients()
            #expect(abs(loss - step.loss) < 1e-5, "loss of step \(number)")
            #expect(abs(norm - step.gradNorm) < 1e-4, "norm of step \(number)")
            #expect(abs(rate - step.learningRate) < 1e-12, "rate of step \(number)")
        }
        for (name, tensor) in parameters {
            #expect(distance(tensor, try fixture.tensor("final.\(name)")) <= 1e-5, "\(name)")
        }
    }
}
