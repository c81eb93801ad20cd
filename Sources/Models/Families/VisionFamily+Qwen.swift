import Checkpoints
import FileFormats

extension VisionFamily {
    /// `Qwen2VLForConditionalGeneration`
    static let qwen2VL = qwen("qwen2_vl") { tower throws(FormatError) in
        try QwenVisionConfiguration(qwen2: tower)
    }

    /// `Qwen2_5_VLForConditionalGeneration`
    static let qwen25VL = qwen("qwen2_5_vl") { tower throws(FormatError) in
        try QwenVisionConfiguration(qwen25: tower)
    }

    private static func qwen(
        _ type: String,
        tower:
            @escaping @Sendable (ConfigurationFile) throws(FormatError) -> QwenVisionConfiguration
    ) -> VisionFamily {
        VisionFamily(
            type: type, text: .qwen2VLText,
            earlierNames: WeightNames(
                [.start("visual", becomes: "model.visual")] + WeightNames.withinLargerModel)
        ) { json throws(FormatError) in
            let inner = try json.object("vision_config") ?? json.empty("vision_config")
            return VisionConfiguration(
                tower: .qwen(try tower(inner)),
                imageTokenID: try json.imageToken(["image_token_id"], else: 151_655))
        }
    }
}
