import Checkpoints
import Foundation
import Torch
import TorchTestSupport

/// A tiny Llama model as llama.cpp would have converted it.
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
    private static func permuted(_ tensor: Tensor, _ name: String) -> Tensor {
        let heads = name.contains("q_proj") ? 4 : name.contains("k_proj") ? 2 : 0
        guard heads > 0 else { return tensor }
        return tensor.view(heads, 2, 4, -1).transpose(1, 2).reshape(tensor.shape)
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
}
