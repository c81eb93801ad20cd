import Checkpoints
import FileFormats
import Layers
import Torch

extension DecoderConfiguration {
    /// Reads the metadata of a GGUF file of the Llama family.
    ///
    /// - Throws: ``FormatError`` that names the key.
    public init(_ weights: GGUFWeights) throws(FormatError) {
        let path = weights.origin
        let metadata = weights.file.metadata
        func integer(_ key: String, else fallback: Int? = nil) throws(FormatError) -> Int {
            guard let value = metadata["llama.\(key)"]?.integer ?? fallback else {
                throw FormatError(file: path, item: "llama.\(key)", reason: "is missing")
            }
            return value
        }
        let hidden = try integer("embedding_length")
        let heads = try integer("attention.head_count")
        let embedding = weights.shape(of: "model.embed_tokens.weight")?.first
        let vocabulary = try integer("vocab_size", else: embedding)
        self = try DecoderConfiguration(
            vocabularySize: vocabulary, hiddenSize: hidden,
            layers: integer("block_count"), heads: heads,
            keyValueHeads: integer("attention.head_count_kv", else: heads),
            headSize: integer("attention.key_length", else: hidden / max(heads, 1)),
            intermediateSize: integer("feed_forward_length"),
            normEpsilon: metadata["llama.attention.layer_norm_rms_epsilon"]?.float ?? 1e-5,
            ropeTheta: metadata["llama.rope.freq_base"]?.float ?? 10_000,
            ropeScaling: Self.scaling(of: weights),
            maximumPositions: integer("context_length", else: 2048),
            tiedEmbeddings: weights.shape(of: "lm_head.weight") == nil,
            attentionBias: weights.shape(of: "model.layers.0.self_attn.q_proj.bias") != nil,
            attentionOutputBias: weights.shape(of: "model.layers.0.self_attn.o_proj.bias") != nil,
            feedForwardBias: weights.shape(of: "model.layers.0.mlp.up_proj.bias") != nil
        ).validated(in: path)
    }

    private static func scaling(of weights: GGUFWeights) throws(FormatError) -> RotaryScaling? {
        let metadata = weights.file.metadata
        if let factors = weights.file["rope_freqs.weight"] {
            let values = Tensor.empty([factors.elementCount])
            try values.fillMemory(as: Float.self) { buffer throws(FormatError) in
                try weights.file.dequantize(factors, into: buffer)
            }
            return .factors(values.values(Float.self))
        }
        switch metadata["llama.rope.scaling.type"]?.string ?? "none" {
        case "none": return nil
        case "linear":
            return .linear(factor: metadata["llama.rope.scaling.factor"]?.float ?? 1)
        case let type:
            throw FormatError(
                file: weights.origin, item: "llama.rope.scaling.type",
                reason: "'\(type)' is not supported; linear is")
        }
    }
}
