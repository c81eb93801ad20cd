extension WeightNames {
    /// A decoder by itself: its names never changed.
    public static let decoder = WeightNames([])

    /// `LlavaForConditionalGeneration`, over any tower, and the adapters of its decoder alone.
    public static let llava = WeightNames(
        [
            .start("language_model.lm_head", becomes: "lm_head"),
            .start("language_model.model", becomes: "model.language_model"),
            .start("language_model", becomes: "model.language_model"),
            .start("vision_tower", becomes: "model.vision_tower"),
            .start("multi_modal_projector", becomes: "model.multi_modal_projector"),
            .start("model.vision_tower.vision_model", becomes: "model.vision_tower"),
        ] + inner + dinov2, fused: gated)

    /// `Qwen2VLForConditionalGeneration` and `Qwen2_5_VLForConditionalGeneration`.
    public static let qwenVision = WeightNames([.start("visual", becomes: "model.visual")] + inner)

    /// A vision tower's own folder, also one that holds a text tower or a classifier beside it.
    public static let tower = WeightNames(
        ["vision_model", "dinov2", "dinov2_with_registers"].map { .start($0, becomes: "") }
            + dinov2, fused: gated)

    /// A decoder's names once it stands within a larger model.
    private static let inner: [Rule] = ["layers", "embed_tokens", "norm"].map {
        .start("model.\($0)", becomes: "model.language_model.\($0)")
    }

    private static let dinov2: [Rule] = [
        .middle("attention.attention.query", becomes: "attention.q_proj"),
        .middle("attention.attention.key", becomes: "attention.k_proj"),
        .middle("attention.attention.value", becomes: "attention.v_proj"),
        .middle("attention.output.dense", becomes: "attention.o_proj"),
        .middle("mlp.weights_out", becomes: "mlp.down_proj"),
    ]

    private static let gated = ["mlp.weights_in": ["mlp.gate_proj", "mlp.up_proj"]]
}
