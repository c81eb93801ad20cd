extension VisionTransformerConfiguration.Kind {
    /// Where the weights are below the tower's root in transformers (5.23).
    var names: VisionTransformerNames {
        switch self {
        case .clip: .clip
        case .siglip: .siglip
        case .dinov2, .dinov2WithRegisters: .dinov2
        }
    }
}

/// What the modules of a vision transformer are called.
struct VisionTransformerNames: Sendable {
    /// The row before the patches.
    let classToken: String
    /// The convolution, with or without a bias.
    let patches: String
    let patchBias: Bool
    let positions: String
    /// The normalisation before the first block, if there is one.
    let firstNorm: String?
    let layers: String
    let norm1: String
    let norm2: String
    let attention: String
    let output: String
    /// What the branches of a block are multiplied by, if anything.
    let scales: (first: String, second: String)?

    /// `CLIPVisionModel`
    static let clip = VisionTransformerNames(
        classToken: "embeddings.class_embedding", patches: "embeddings.patch_embedding",
        patchBias: false, positions: "embeddings.position_embedding.weight",
        firstNorm: "pre_layrnorm", layers: "encoder.layers", norm1: "layer_norm1",
        norm2: "layer_norm2", attention: "self_attn", output: "out_proj", scales: nil)

    /// `SiglipVisionModel`
    static let siglip = VisionTransformerNames(
        classToken: "", patches: "embeddings.patch_embedding", patchBias: true,
        positions: "embeddings.position_embedding.weight", firstNorm: nil,
        layers: "encoder.layers", norm1: "layer_norm1", norm2: "layer_norm2",
        attention: "self_attn", output: "out_proj", scales: nil)

    /// `Dinov2Model` and `Dinov2WithRegistersModel`
    static let dinov2 = VisionTransformerNames(
        classToken: "embeddings.cls_token", patches: "embeddings.patch_embeddings.projection",
        patchBias: true, positions: "embeddings.position_embeddings", firstNorm: nil,
        layers: "encoder.layer", norm1: "norm1", norm2: "norm2", attention: "attention",
        output: "o_proj", scales: ("layer_scale1.lambda1", "layer_scale2.lambda1"))
}
