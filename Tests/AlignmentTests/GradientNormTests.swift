import Checkpoints
import Foundation
import Layers
import Models
import TestSupport
import Testing
import Torch
import TorchTestSupport

@testable import Alignment

/// Policy and critic are clipped each by its own norm.
struct GradientNormTests {
    @Test func largeCriticLeavesThePolicy() throws {
        startEngine()
        let folder = TestFiles.fixtures.appending(path: "models/tiny-llama")
        let decoder = try Decoder(
            DecoderConfiguration(huggingFace: folder.appending(path: "config.json")),
            WeightPath(SafetensorsWeights(url: folder), dtype: .float32, device: .cpu))
        let configuration = AdapterConfiguration(
            baseModel: "tiny", rank: 2, alpha: 4, dropout: 0, rankStabilised: false,
            targets: ["q_proj"])
        let names: [AdapterName] = [.default, "critic"]
        for name in names { try decoder.attachAdapters(configuration, seed: 1, name: name) }
        let state = TrainingState(
            decoder: decoder,
            adapters: names.map {
                TrainedAdapter(name: $0, configuration: configuration, head: nil)
            })
        // Norms 0.5 and 40, each of one tensor.
        let tensors = state.adapters.map { $0.parameters(decoder)[0].tensor }
        for (tensor, norm) in zip(tensors, [0.5, 40]) {
            tensor.grad = .full(tensor.shape, norm / Double(tensor.count).squareRoot())
        }
        let norms = state.clipGradients(limit: 1)
        #expect(zip(norms.map(\.value), [0.5, 40]).allSatisfy { abs($0 - $1) < 1e-4 })
        #expect(abs(norms.whole - (0.25 + 1600).squareRoot()) < 1e-4)
        #expect(Set(norms.curves.keys) == ["policy/grad_norm", "critic/grad_norm"])
        let clipped = try tensors.map {
            Double(try #require($0.grad).norm(dtype: .float32).item(Float.self))
        }
        #expect(abs(clipped[0] - 0.5) < 1e-5 && abs(clipped[1] - 1) < 1e-4)
    }

    @Test func ppoLogsBoth() throws {
        let fixture = try MethodFixture.policy()
        try fixture.finish(fixture.ppo("run") { $0.settings.maxSteps = 2 })
        let run = fixture.run("run")
        let parts = try zip(run.values("policy/grad_norm"), run.values("critic/grad_norm"))
        for (whole, part) in zip(try run.values("grad_norm"), parts) {
            #expect(abs(whole - (part.0 * part.0 + part.1 * part.1).squareRoot()) < 1e-6 * whole)
        }
    }
}
