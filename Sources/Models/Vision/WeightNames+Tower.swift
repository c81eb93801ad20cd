import Checkpoints

extension WeightNames {
    /// A vision tower's own folder, also one that holds a text tower or a classifier beside it.
    static let tower = WeightNames(
        ["vision_model", "dinov2", "dinov2_with_registers"].map { .start($0, becomes: "") }
            + towerRules, fused: towerFused)

    /// What DINOv2's towers were called before.
    static let towerRules: [Rule] = [
        .middle("attention.attention.query", becomes: "attention.q_proj"),
        .middle("attention.attention.key", becomes: "attention.k_proj"),
        .middle("attention.attention.value", becomes: "attention.v_proj"),
        .middle("attention.output.dense", becomes: "attention.o_proj"),
        .middle("mlp.weights_out", becomes: "mlp.down_proj"),
    ]

    static let towerFused = ["mlp.weights_in": ["mlp.gate_proj", "mlp.up_proj"]]

    /// A decoder's names once it stands within a larger model.
    static let withinLargerModel: [Rule] = ["layers", "embed_tokens", "norm"].map {
        .start("model.\($0)", becomes: "model.language_model.\($0)")
    }
}
