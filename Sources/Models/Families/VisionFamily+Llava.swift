import Checkpoints
import FileFormats

extension VisionFamily {
    /// `LlavaForConditionalGeneration`, over any tower and decoder; also the adapters of its decoder
    /// alone.
    static let llava = VisionFamily(
        type: "llava",
        earlierNames: WeightNames(
            [
                .start("language_model.lm_head", becomes: "lm_head"),
                .start("language_model.model", becomes: "model.language_model"),
                .start("language_model", becomes: "model.language_model"),
                .start("vision_tower", becomes: "model.vision_tower"),
                .start("multi_modal_projector", becomes: "model.multi_modal_projector"),
                .start("model.vision_tower.vision_model", becomes: "model.vision_tower"),
            ] + WeightNames.withinLargerModel + WeightNames.towerRules,
            fused: WeightNames.towerFused)
    ) { json throws(FormatError) in
        let tower: VisionTransformerConfiguration
        if let inner = try json.object("vision_config") {
            tower = try VisionTransformerConfiguration(inner)
        } else {
            tower = try VisionTransformerConfiguration(json.empty("vision_config"), .llava)
        }
        return VisionConfiguration(
            tower: .transformer(tower), projector: try json.projector(),
            imageTokenID: try json.imageToken(
                ["image_token_index", "image_token_id"], else: 32_000),
            featureLayers: try json.featureLayers(of: tower),
            dropsFirstRow: try json.dropsFirstRow())
    }
}

extension ConfigurationFile {
    fileprivate func projector() throws(FormatError) -> VisionConfiguration.Projector {
        VisionConfiguration.Projector(
            activation: try activation("projector_hidden_act", else: .gelu),
            bias: try flag("multimodal_projector_bias", else: true))
    }

    /// One layer or several; negative ones count from the last.
    fileprivate func featureLayers(
        of tower: VisionTransformerConfiguration
    ) throws(FormatError) -> [Int] {
        let key = "vision_feature_layer"
        let layers = try integers(key, else: [-2]).map { $0 < 0 ? $0 + tower.layers + 1 : $0 }
        guard !layers.isEmpty, layers.allSatisfy({ (0...tower.layers).contains($0) }) else {
            throw error(key, "is not a layer of a tower with \(tower.layers)")
        }
        return layers
    }

    fileprivate func dropsFirstRow() throws(FormatError) -> Bool {
        let key = "vision_feature_select_strategy"
        switch try text(key, else: "default") {
        case "default": return true
        case "full": return false
        case let strategy:
            throw error(key, "'\(strategy)' is not supported; default and full are")
        }
    }
}
