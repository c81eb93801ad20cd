import Checkpoints
import Foundation
import Torch
import TorchTestSupport

@testable import Models

/// A tiny model as llama.cpp would have converted it.
enum TinyGGUF {
    private static let metadata: [String: GGUFFile.Value] = [
        "general.architecture": .text("llama"), "llama.embedding_length": .number(32),
        "llama.block_count": .number(2), "llama.attention.head_count": .number(4),
        "llama.attention.head_count_kv": .number(2), "llama.feed_forward_length": .number(34),
        "llama.context_length": .number(1024), "llama.rope.freq_base": .real(10_000),
        "llama.attention.layer_norm_rms_epsilon": .real(1e-5), "llama.vocab_size": .number(256),
    ]

    private static let names = [
        ("model.embed_tokens", "token_embd"), ("model.norm", "output_norm"), ("lm_head", "output"),
        ("model.layers", "blk"), ("self_attn.q_proj", "attn_q"), ("self_attn.k_proj", "attn_k"),
        ("self_attn.v_proj", "attn_v"), ("self_attn.o_proj", "attn_output"),
        ("mlp.gate_proj", "ffn_gate"), ("mlp.up_proj", "ffn_up"), ("mlp.down_proj", "ffn_down"),
        ("input_layernorm", "attn_norm"), ("post_attention_layernorm", "ffn_norm"),
    ]

    /// Rows of q and k with the halves of each head interleaved.
    private static func permuted(_ tensor: Tensor, _ name: String, headSize: Int = 8) -> Tensor {
        guard name.contains("q_proj") || name.contains("k_proj") else { return tensor }
        let heads = tensor.size(0) / headSize
        return tensor.view(heads, 2, headSize / 2, -1).transpose(1, 2).reshape(tensor.shape)
    }

    /// Writes the model of a fixture.
    ///
    /// - Parameters:
    ///   - changes: of the metadata; nil removes a key.
    ///   - factors: of the frequencies of rotary positions.
    static func write(
        _ fixture: ModelFixture, _ changes: [String: GGUFFile.Value?] = [:],
        factors: [Float]? = nil, to url: URL
    ) throws {
        let source = try SafetensorsWeights(url: fixture.folder)
        var tensors = try source.names.map { name in
            let tensor = permuted(try source.tensor(name), name)
            let gguf = names.reduce(name) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
            return (name: gguf, shape: tensor.shape, values: tensor.values(Float.self))
        }
        if let factors { tensors.append(("rope_freqs.weight", [factors.count], factors)) }
        let all: [String: GGUFFile.Value?] = metadata.mapValues(Optional.some)
        let entries = all.merging(changes, uniquingKeysWith: { $1 })
            .compactMap { key, value in value.map { (key: key, value: $0) } }
        try GGUFFile(metadata: entries, tensors: tensors).write(to: url)
    }

    // MARK: Families

    /// What its converter does to families' weights: it interleaves the halves of heads, and adds
    /// one to Gemma's norms.
    private static let interleaved = ["smollm3"]
    private static let offset = ["gemma2"]

    /// Writes the model of a family's fixture under the names of llama.cpp's own table.
    static func write(_ fixture: FamilyFixture, to url: URL) throws {
        let configuration = try fixture.configuration()
        let family = fixture.folder.lastPathComponent
        let tensors = try fixture.weights().map { weight in
            var values = Formula.weight(weight.name, weight.shape)
            if interleaved.contains(family) {
                values = permuted(values, weight.name, headSize: configuration.headSize)
            }
            if offset.contains(family), weight.gguf.hasSuffix("norm.weight") { values = values + 1 }
            return (name: weight.gguf, shape: weight.shape, values: values.values(Float.self))
        }
        try GGUFFile(metadata: metadata(configuration, family), tensors: tensors).write(to: url)
    }

    private static func metadata(
        _ decoder: DecoderConfiguration, _ family: String
    ) -> [(key: String, value: GGUFFile.Value)] {
        let epsilon =
            decoder.block.norm == .meanAndVariance ? "layer_norm_epsilon" : "layer_norm_rms_epsilon"
        var values: [(String, GGUFFile.Value)] = [
            ("embedding_length", .number(UInt32(decoder.hiddenSize))),
            ("block_count", .number(UInt32(decoder.layers))),
            ("attention.head_count", .number(UInt32(decoder.heads))),
            ("attention.head_count_kv", .number(UInt32(decoder.keyValueHeads))),
            ("attention.key_length", .number(UInt32(decoder.headSize))),
            ("feed_forward_length", .number(UInt32(decoder.intermediateSize))),
            ("context_length", .number(UInt32(decoder.maximumPositions))),
            ("rope.dimension_count", .number(UInt32(decoder.rotatedSize))),
            ("rope.freq_base", .real(Float(decoder.ropeTheta))),
            ("attention.\(epsilon)", .real(Float(decoder.normEpsilon))),
        ]
        if decoder.block.arrangement == .parallel {
            values.append(("use_parallel_residual", .truth(true)))
        }
        if family == "gemma2" {
            values += ["attn_logit_softcapping", "final_logit_softcapping"].map { ($0, .real(0)) }
            values.append(("attention.sliding_window", .number(0)))
        }
        return [("general.architecture", .text(family))]
            + values.map { ("\(family).\($0.0)", $0.1) }
    }
}
