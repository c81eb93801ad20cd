import Checkpoints
import FileFormats

extension ModelFamily {
    /// `Qwen2Config`: q, k and v have biases and nothing else has, whatever the file says.
    static let qwen2 = ModelFamily(
        type: "qwen2",
        defaults: ConfigurationDefaults(
            sizes: .init(
                vocabulary: 151_936, hidden: 4096, intermediate: 22_016, layers: 32, heads: 32,
                keyValueHeads: 32),
            maximumPositions: 32_768),
        block: BlockDescription(attentionBias: true), keys: [.activation()],
        gguf: GGUFDescription(architecture: "qwen2"))

    /// `Qwen3Config`: norms over the heads of q and k.
    static let qwen3 = ModelFamily(
        type: "qwen3",
        defaults: ConfigurationDefaults(
            sizes: .init(
                vocabulary: 151_936, hidden: 4096, intermediate: 22_016, layers: 32, heads: 32,
                keyValueHeads: 32),
            headSize: 128, maximumPositions: 32_768),
        block: BlockDescription(normalisesHeads: true), keys: [.activation(), .attentionBias],
        gguf: GGUFDescription(architecture: "qwen3"))

    /// `Qwen2VLTextConfig` and `Qwen2_5_VLTextConfig`: Qwen2 with positions in time, height and
    /// width.
    static let qwen2VLText = ModelFamily(
        type: "qwen2_vl_text",
        defaults: ConfigurationDefaults(
            sizes: .init(
                vocabulary: 152_064, hidden: 8192, intermediate: 29_568, layers: 80, heads: 64,
                keyValueHeads: 8),
            normEpsilon: 1e-5, ropeTheta: 1_000_000, maximumPositions: 32_768),
        block: BlockDescription(attentionBias: true),
        keys: [.activation(), .multimodalSections(else: [16, 24, 24])])
}
