import Datasets
import Foundation
import Generation
import Models
import Testing
import Torch
import TorchTestSupport

@testable import Alignment

/// Ratios are of the distribution that was sampled, and a run goes on where sampling and training
/// compute different numbers.
struct SamplingAgreementTests {
    private static let largest = "sampling/sampling_logp_difference/max"
    private static let ratio = "sampling/importance_sampling_ratio/mean"

    /// Log-probabilities of sampling are those of the first update, in every bit, whatever the
    /// temperature.
    @Test(arguments: ["grpo", "rloo", "ppo"], [0.6, 1, 1.5])
    func sameBitsAtEveryTemperature(method: String, temperature: Double) throws {
        let fixture = try MethodFixture.policy()
        let outcome = try fixture.finish(
            trainer(fixture, method, temperature: temperature, steps: 3))
        #expect(outcome.steps == 3 && outcome.differing.isEmpty)
        let run = fixture.run("run")
        #expect(try run.values(Self.largest) == [0, 0, 0])
        #expect(try run.values(Self.ratio) == [1, 1, 1])
    }

    /// They are log softmax(logits / T), of the policy and of the reference.
    @Test func temperatureByHand() throws {
        let fixture = try MethodFixture.policy()
        let trainer = try fixture.rloo("run") { $0.method.rollout.temperature = 0.6 }
        let model = trainer.model
        let rollout = try trainer.sampler.sample(
            Array(fixture.prompts(of: model).prefix(2)), samples: 2, seed: 5)
        for group in rollout.groups {
            for completion in group.completions {
                let tokens = group.prompt + completion.tokens.dropLast()
                let hidden = withInference {
                    model.decoder.hidden(
                        TokenBatch(
                            tokens: tokens, positions: Array(tokens.indices),
                            lengths: [tokens.count]))
                }
                let rows = (group.prompt.count - 1)..<tokens.count
                let all = (model.decoder.logits(hidden).slice(0, rows).to(.float64) / 0.6)
                    .logSoftmax(-1)
                let wanted = Tensor(completion.tokens.map(Int64.init)).unsqueeze(1)
                let expected = all.gather(1, wanted).squeeze(1)
                #expect(distance(Tensor(completion.logProbabilities), expected) < 1e-5)
                // A new adapter changes nothing yet: the reference is the policy.
                #expect(completion.reference == completion.logProbabilities)
            }
        }
    }

    /// Sampling that gives every token e^0.25 times its probability: training weighs it down by as
    /// much, its own ratio is 1, and the run goes on with one warning.
    @Test(arguments: ["grpo", "rloo", "ppo"]) func disturbanceIsCorrected(method: String) throws {
        let fixture = try MethodFixture.policy()
        let plain = try trainer(fixture, method, temperature: 1, steps: 1, name: "plain")
        try fixture.finish(plain)
        let disturbed = try trainer(fixture, method, temperature: 1, steps: 3)
        disturb(disturbed) { $0 + 0.25 }
        let outcome = try fixture.finish(disturbed)
        #expect(outcome.steps == 3 && outcome.skippedSteps == 0)
        #expect(Array(outcome.differing.values) == [1], "\(outcome.alarms)")
        let (run, whole) = (fixture.run("run"), fixture.run("plain"))
        for value in try run.values(Self.largest) { #expect(abs(value - 0.25) < 1e-5) }
        for value in try run.values(Self.ratio) { #expect(abs(value - exp(-0.25)) < 1e-5) }
        // Rewards, with the divergence in them, are of what training computes.
        #expect(try run.values("kl").first == whole.values("kl").first)
        let name = "objective/rlhf_reward"
        #expect(try run.values(name).first == whole.values(name).first)
        if method == "ppo" {
            #expect(try run.values("val/ratio").first == 1)
            let losses = try (run.values("loss/policy_avg")[0], whole.values("loss/policy_avg")[0])
            #expect(abs(losses.0 - exp(-0.25) * losses.1) < 1e-6 && abs(losses.1) > 1e-3)
        }
        if method == "grpo" {
            let losses = try (run.values("loss")[0], whole.values("loss")[0])
            #expect(abs(losses.0 - exp(-0.25) * losses.1) < 1e-6 && abs(losses.1) > 1e-3)
        }
    }

    /// Weights end at 3, however improbable sampling held a token.
    @Test func weightsAreCut() throws {
        let fixture = try MethodFixture.policy()
        let trainer = try trainer(fixture, "grpo", temperature: 1, steps: 1)
        disturb(trainer) { $0 - 4 }
        try fixture.finish(trainer)
        let run = fixture.run("run")
        #expect(try run.values(Self.ratio) == [3])
        #expect(try run.values("sampling/importance_sampling_ratio/max") == [3])
    }

    /// That a run corrects is in its checkpoints.
    @Test func disturbedRunsResume() throws {
        let fixture = try MethodFixture.policy()
        func run(_ name: String, resuming: Resumption = .begins) throws {
            let trainer = try fixture.grpo(name) {
                $0.settings.maxSteps = 6
                $0.method.own.stepsPerGeneration = 2
            }
            disturb(trainer) { $0 * 1.01 }
            try fixture.finish(trainer, resuming: resuming)
        }
        try run("whole")
        let (whole, cut) = (fixture.run("whole"), fixture.run("cut"))
        try FileManager.default.copyItem(at: whole.url, to: cut.url)
        for step in 4...6 {
            try FileManager.default.removeItem(at: cut.url.appending(path: "checkpoint-\(step)"))
        }
        try FileManager.default.removeItem(at: cut.url.appending(path: "adapter"))
        try run("cut", resuming: true)
        #expect(try cut.weights == whole.weights)
    }

    /// Below the tolerance nothing is corrected, and nothing is said.
    @Test func smallDifferencesAreMeasuredOnly() throws {
        let fixture = try MethodFixture.policy()
        let trainer = try trainer(fixture, "grpo", temperature: 1, steps: 2)
        disturb(trainer) { $0 + 5e-6 }
        let outcome = try fixture.finish(trainer)
        #expect(outcome.differing.isEmpty)
        #expect(!trainer.isCorrecting)
        for value in try fixture.run("run").values(Self.largest) {
            #expect(value > 1e-6 && value < 1e-5)
        }
    }

    private func trainer(
        _ fixture: MethodFixture, _ method: String, temperature: Double, steps: Int,
        name: String = "run"
    ) throws -> any Trainer {
        switch method {
        case "grpo":
            // Eight answers, so that their rewards surely differ.
            try fixture.grpo(name) {
                $0.settings.maxSteps = steps
                $0.settings.perDeviceTrainBatchSize = 8
                $0.method.rollout.temperature = temperature
                $0.method.own.numGenerations = 8
            }
        case "rloo":
            try fixture.rloo(name) {
                $0.settings.maxSteps = steps
                $0.method.rollout.temperature = temperature
            }
        default:
            try fixture.ppo(name) {
                $0.settings.maxSteps = steps
                $0.method.own.numMiniBatches = 2
                $0.method.rollout.temperature = temperature
            }
        }
    }

    private func disturb(_ trainer: any Trainer, _ change: @escaping (Float) -> Float) {
        (trainer as? PolicyTrainer)?.sampler.disturb(change)
        (trainer as? PPOTrainer)?.sampler.disturb(change)
    }
}

extension TrainingOutcome {
    /// Alarms that sampling and training compute different numbers.
    fileprivate var differing: [String: Int] {
        alarms.filter { $0.key.contains("truncated importance sampling") }
    }
}

extension Trainer {
    /// Whether it corrects its rollouts.
    fileprivate var isCorrecting: Bool {
        (self as? PolicyTrainer)?.memory.value.statistics.agreement.corrects ?? false
    }
}
