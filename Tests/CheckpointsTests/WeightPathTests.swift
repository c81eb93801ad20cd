import Checkpoints
import FileFormats
import Foundation
import TestSupport
import Testing
import Torch
import TorchTestSupport

struct WeightPathTests {
    private let path: WeightPath
    private let url = TestFiles.fixtures.appending(path: "models/tiny-llama")

    init() throws {
        startEngine()
        path = WeightPath(try SafetensorsWeights(url: url), dtype: .bfloat16, device: .cpu)
    }

    @Test func placesAreJoinedByDots() throws {
        let place = path["model"]["layers"]["1"]["self_attn"]
        #expect(path.path == "")
        #expect(place.path == "model.layers.1.self_attn")
        #expect(place["q_proj"].has("weight"))
        #expect(!place["q_proj"].has("bias"))
        let weight = try place["q_proj"].load("weight", [32, 32])
        #expect(weight.dtype == .bfloat16)
        #expect(weight.shape == [32, 32])
    }

    @Test func missing() {
        let error = #expect(throws: FormatError.self) { try path["model"].load("bias", [1]) }
        #expect(
            error
                == FormatError(
                    file: url.path,
                    item: "model.bias",
                    reason: "there is no such tensor"
                )
        )
    }

    @Test func otherSizes() {
        let error = #expect(throws: FormatError.self) {
            try path["model"]["norm"].load("weight", [33])
        }
        #expect(error?.item == "model.norm.weight")
        #expect(error?.reason == "has sizes [32], but the configuration wants [33]")
    }

    @Test func noFolder() {
        #expect(throws: FormatError.self) {
            try SafetensorsWeights(url: url.appending(path: "nothing"))
        }
    }

    @Test func shards() throws {
        let untied = TestFiles.fixtures.appending(path: "models/tiny-llama-untied")
        let weights = try SafetensorsWeights(url: untied)
        #expect(weights.names.count == 35)
        #expect(weights.shape(of: "lm_head.weight") == [256, 32])
        #expect(try weights.tensor("model.norm.weight").shape == [32])
    }
}
