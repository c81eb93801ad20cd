import Checkpoints
import Foundation
import Models
import Optimizers
import Recipes
import TestSupport
import Torch
import TorchTestSupport

@testable import Alignment

/// A training loop over a tiny decoder, whose steps a test makes up.
struct LoopFixture {
    let decoder: Decoder
    let adapter = AdapterConfiguration(
        baseModel: "tiny", rank: 2, alpha: 4, dropout: 0, rankStabilised: false,
        targets: ["q_proj"])

    init() throws {
        startEngine()
        let folder = TestFiles.fixtures.appending(path: "models/tiny-llama")
        decoder = try Decoder(
            DecoderConfiguration(huggingFace: folder.appending(path: "config.json")),
            WeightPath(SafetensorsWeights(url: folder), dtype: .float32, device: .cpu))
        try decoder.attachAdapters(adapter, seed: 1)
    }

    /// A matrix that is trained.
    var b: Tensor { decoder.adapterModules()[0].b }

    func state(
        decay: Double = 0, generators: [String: Generator] = [:], memory: StepMemory? = nil
    ) -> TrainingState {
        TrainingState(
            decoder: decoder,
            adapters: [TrainedAdapter(name: .default, configuration: adapter, head: nil)],
            settings: AdamW.Settings(weightDecay: decay), generators: generators, memory: memory)
    }

    func loop(
        _ folder: URL, _ steps: Int, _ interruption: Interruption = Interruption(),
        logging: Int = 1, save: Int = 1000, kept: Int = 1, patience: Int = 0,
        schedule: Schedule? = nil, state: TrainingState? = nil
    ) -> TrainingLoop {
        TrainingLoop(
            settings: TrainingLoop.Settings(
                totalSteps: steps, maxGradNorm: 1, loggingSteps: logging, evalSteps: 1,
                saveSteps: save, keptCheckpoints: kept, patience: patience),
            schedule: schedule
                ?? Schedule(.constant, peak: 0.1, warmupSteps: 0, totalSteps: steps),
            state: state ?? self.state(), folder: RunFolder(folder), interruption: interruption)
    }

    /// What a step says; with a gradient of one matrix where it has any.
    func report(_ loss: Double, gradient: Double? = nil) -> StepReport {
        if let gradient { b.grad = .full(b.shape, gradient) }
        return StepReport(
            loss: loss, tokens: 10, values: ["entropy": loss * 2], records: ["r1", "r2"])
    }

    func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }
}
