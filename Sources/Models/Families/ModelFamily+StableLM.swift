import FileFormats
import Records

extension ModelFamily {
    /// `StableLmConfig`: layer norms, a part of each head rotated, and with
    /// `use_parallel_residual` attention and network side by side.
    static let stableLM = ModelFamily(
        type: "stablelm",
        defaults: ConfigurationDefaults(
            sizes: .init(
                vocabulary: 50_304, hidden: 2560, intermediate: 6912, layers: 32, heads: 32,
                keyValueHeads: 32),
            normEpsilonKey: "layer_norm_eps", normEpsilon: 1e-5, maximumPositions: 4096),
        block: BlockDescription(norm: .meanAndVariance, rotaryShare: 0.25),
        keys: [
            .activation(), .flag("use_qkv_bias", \.block.attentionBias), .parallel, .partialRotary,
            .unsupported("qk_layernorm"),
        ],
        gguf: GGUFDescription(
            architecture: "stablelm", normEpsilonKey: "attention.layer_norm_epsilon"
        ) { metadata, decoder throws(FormatError) in
            let size = try metadata.integer("rope.dimension_count", else: decoder.headSize / 4)
            decoder.block.rotaryShare = Double(size) / Double(max(decoder.headSize, 1))
            let isParallel = metadata["use_parallel_residual"]?.bool ?? false
            decoder.block.arrangement = isParallel ? .parallel : .sequential
            if metadata.file["blk.0.attn_q_norm.weight"] != nil {
                throw FormatError(
                    file: metadata.path, item: "blk.0.attn_q_norm.weight",
                    reason: "is not supported")
            }
        })
}

extension ConfigurationKey {
    fileprivate static let parallel = ConfigurationKey("use_parallel_residual") {
        json, key, decoder throws(FormatError) in
        decoder.block.arrangement = try json.flag(key, else: false) ? .parallel : .sequential
    } write: {
        .bool($0.block.arrangement == .parallel)
    }
}
