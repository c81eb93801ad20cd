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

    /// q, k and v as one weight, in another type than the file's, are the three below each other.
    @Test func rowsBelowEachOther() throws {
        let place = path["model"]["layers"]["0"]["self_attn"]
        let parts = [("q_proj", 32), ("k_proj", 16), ("v_proj", 16)]
        let whole = try place.load(rows: parts.map { ("\($0.0).weight", $0.1) }, [32])
        let apart = try parts.map { try place.load("\($0.0).weight", [$0.1, 32]) }
        #expect(whole.isIdentical(to: .cat(apart)))
        let error = #expect(throws: FormatError.self) {
            try place.load(rows: [("q_proj.weight", 32), ("k_proj.weight", 32)], [32])
        }
        #expect(error?.item == "model.layers.0.self_attn.k_proj.weight")
    }

    /// Above the size from which a weight gets pages of its own.
    @Test(arguments: [DType.float32, .bfloat16]) func large(dtype: DType) throws {
        let values = Tensor.randn([300, 1000], generator: Generator(seed: 3))
        let file = try TestFiles.scratchFolder().appending(path: "model.safetensors")
        try TensorFile.write([("w", values)], to: file)
        let path = WeightPath(try SafetensorsWeights(url: file), dtype: dtype, device: .cpu)
        #expect(try path.load("w", [300, 1000]).isIdentical(to: values.to(dtype)))
    }

    /// A byte in front of the numbers: no tensor can lie over them.
    @Test func unaligned() throws {
        var header = #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
        header += #""w":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}}"#
        header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
        var data = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
        data += Data(header.utf8) + [7]
        for value in [Float(1.5), -2] { withUnsafeBytes(of: value) { data += Data($0) } }
        let file = try TestFiles.scratchFolder().appending(path: "model.safetensors")
        try data.write(to: file)
        let path = WeightPath(try SafetensorsWeights(url: file), dtype: .float32, device: .cpu)
        #expect(try path.load("w", [2]).values(Float.self) == [1.5, -2])
    }
}
