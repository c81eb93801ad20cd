import Checkpoints
import FileFormats
import Foundation
import TestSupport
import Testing
import Torch
import TorchTestSupport

struct GGUFWeightsTests {
    private let folder: URL

    init() throws {
        startEngine()
        folder = try TestFiles.scratchFolder()
    }

    private func weights(
        _ tensors: [(name: String, shape: [Int], values: [Float])], normOffset: Double = 0
    ) throws -> GGUFWeights {
        let url = folder.appending(path: "test.gguf")
        try GGUFFile(metadata: [], tensors: tensors).write(to: url)
        var conversion = GGUFWeights.Conversion()
        conversion.interleavedHeads = (query: 2, key: 1)
        conversion.normOffset = normOffset
        return GGUFWeights(try GGUF(url: url), .llama, conversion)
    }

    @Test(arguments: [
        ("model.embed_tokens.weight", "token_embd.weight"),
        ("model.norm.weight", "output_norm.weight"), ("lm_head.weight", "output.weight"),
        ("model.layers.0.input_layernorm.weight", "blk.0.attn_norm.weight"),
        ("model.layers.0.post_attention_layernorm.weight", "blk.0.ffn_norm.weight"),
        ("model.layers.12.self_attn.v_proj.weight", "blk.12.attn_v.weight"),
        ("model.layers.12.self_attn.v_proj.bias", "blk.12.attn_v.bias"),
        ("model.layers.3.self_attn.o_proj.weight", "blk.3.attn_output.weight"),
        ("model.layers.3.mlp.gate_proj.weight", "blk.3.ffn_gate.weight"),
        ("model.layers.3.mlp.up_proj.weight", "blk.3.ffn_up.weight"),
        ("model.layers.3.mlp.down_proj.bias", "blk.3.ffn_down.bias"),
        ("model.layers.3.self_attn.q_proj.weight", "blk.3.attn_q.weight"),
        ("model.layers.3.self_attn.k_proj.weight", "blk.3.attn_k.weight"),
    ])
    func names(huggingFace: String, gguf: String) throws {
        let weights = try weights([(gguf, [4, 1], [1, 2, 3, 4]), ("other.weight", [1], [9])])
        #expect(weights.shape(of: huggingFace) == [4, 1])
        #expect(try weights.tensor(huggingFace, as: .float32).shape == [4, 1])
    }

    @Test(arguments: [
        "", "other.weight", "model", "model.layers.0.weight", "model.layers.0.mlp.weight",
        "model.layers.0.mlp.gate_proj", "model.norm.bias", "blk.0.ffn_gate.weight",
    ])
    func otherNames(name: String) throws {
        let weights = try weights([("other.weight", [1], [9]), ("blk.0.ffn_gate.weight", [1], [9])])
        #expect(weights.shape(of: name) == nil)
        let error = #expect(throws: FormatError.self) { try weights.tensor(name, as: .float32) }
        #expect(error?.item == name)
        #expect(error?.reason == "there is no such tensor")
    }

    /// Weights and biases alike; one key head, no value head.
    ///
    /// Two query heads of size 4: rows 0 1 2 3 of a head stand in the file as 0 2 1 3, the halves
    /// (0 1) and (2 3) interleaved.
    @Test func halvesOfHeadsArePutBack() throws {
        let rows: [Float] = [0, 2, 1, 3, 4, 6, 5, 7]
        let columns = rows.flatMap { [$0, $0 + 100] }
        let weights = try weights([
            ("blk.0.attn_q.weight", [8, 2], columns), ("blk.0.attn_q.bias", [8], rows),
            ("blk.0.attn_k.weight", [4, 1], [0, 2, 1, 3]),
            ("blk.0.attn_k.bias", [4], [0, 2, 1, 3]),
            ("blk.0.attn_v.weight", [4, 1], [0, 2, 1, 3]),
        ])
        let read = { (name: String) in
            try weights.tensor("model.layers.0.self_attn.\(name)", as: .float32).values(Float.self)
        }
        #expect(try read("q_proj.weight") == (0..<8).flatMap { [Float($0), Float($0) + 100] })
        #expect(try read("q_proj.bias") == [0, 1, 2, 3, 4, 5, 6, 7])
        #expect(try read("k_proj.weight") == [0, 1, 2, 3])
        #expect(try read("k_proj.bias") == [0, 1, 2, 3])
        #expect(try read("v_proj.weight") == [0, 2, 1, 3])
    }

    @Test(arguments: [DType.float32, .bfloat16, .float16, .float64])
    func convertsToTheDtypeAskedFor(dtype: DType) throws {
        let weights = try weights([("output_norm.weight", [3], [1, -2.5, 1.00390625])])
        let tensor = try weights.tensor("model.norm.weight", as: dtype)
        #expect(tensor.dtype == dtype)
        // 1 + 1/256 is even 1 in bf16.
        let last = dtype == .bfloat16 ? 1 : 1.00390625
        #expect(tensor.values(Double.self) == [1, -2.5, last])
    }

    @Test func rowsThatMakeNoHeads() throws {
        for rows in [3, 2, 5] {
            let values = [Float](repeating: 0, count: rows)
            let weights = try weights([("blk.0.attn_q.weight", [rows, 1], values)])
            let name = "model.layers.0.self_attn.q_proj.weight"
            let error = #expect(throws: FormatError.self) {
                try weights.tensor(name, as: .float32)
            }
            #expect(error?.reason == "\(rows) rows do not make 2 heads")
        }
    }

    /// What was added to norms is taken off, of nothing else.
    @Test func norms() throws {
        let weights = try weights(
            [("output_norm.weight", [2], [1.5, 3]), ("token_embd.weight", [1, 2], [1.5, 3])],
            normOffset: 1)
        let read = { try weights.tensor($0, as: .float32).values(Float.self) }
        #expect(try read("model.norm.weight") == [0.5, 2])
        #expect(try read("model.embed_tokens.weight") == [1.5, 3])
    }

    /// Without interleaving rows are as the file has them.
    @Test func rowsAsTheyAre() throws {
        let url = folder.appending(path: "test.gguf")
        try GGUFFile(metadata: [], tensors: [("blk.0.attn_q.bias", [4], [0, 2, 1, 3])])
            .write(to: url)
        let weights = GGUFWeights(try GGUF(url: url), .llama)
        let bias = try weights.tensor("model.layers.0.self_attn.q_proj.bias", as: .float32)
        #expect(bias.values(Float.self) == [0, 2, 1, 3])
    }
}
