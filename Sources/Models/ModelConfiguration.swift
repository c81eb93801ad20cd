import Checkpoints
import FileFormats
import Foundation
import Records

/// What a Hugging Face folder's `config.json` describes: a decoder, and what it sees with, if
/// anything.
public struct ModelConfiguration: Sendable, Hashable {
    public var text: DecoderConfiguration
    public var vision: VisionConfiguration?
    /// What earlier checkpoints and adapters called the modules.
    let names: WeightNames

    /// Reads `model_type` llama, qwen2, llava, qwen2_vl or qwen2_5_vl.
    ///
    /// - Throws: ``FormatError`` that names the key.
    public init(huggingFace file: URL) throws(FormatError) {
        let json = try ConfigurationFile(file)
        switch try json.text("model_type", else: "none") {
        case "llava": self = try Self(llava: json)
        case "qwen2_vl":
            self = try Self(qwen: json) { vision throws(FormatError) in
                try QwenVisionConfiguration(qwen2: vision)
            }
        case "qwen2_5_vl":
            self = try Self(qwen: json) { vision throws(FormatError) in
                try QwenVisionConfiguration(qwen25: vision)
            }
        case let type where ["llama", "qwen2"].contains(type):
            text = try DecoderConfiguration(huggingFace: file)
            names = .decoder
        case let type:
            throw json.error(
                "model_type",
                "'\(type)' is not supported; llama, qwen2, llava, qwen2_vl and qwen2_5_vl are")
        }
    }
}

extension ModelConfiguration {
    /// `LlavaConfig`, over any tower and decoder.
    private init(llava json: ConfigurationFile) throws(FormatError) {
        let inner = try json.object("text_config") ?? json.empty("text_config")
        text = try DecoderConfiguration(inner, DecoderFamily(inner, else: "llama"))
        if try json.tiesEmbeddings { text.tiedEmbeddings = true }
        let tower: VisionTransformerConfiguration
        if let inner = try json.object("vision_config") {
            tower = try VisionTransformerConfiguration(inner)
        } else {
            tower = try VisionTransformerConfiguration(json.empty("vision_config"), .llava)
        }
        vision = VisionConfiguration(
            tower: .transformer(tower), projector: try json.projector(),
            imageTokenID: try json.imageToken(
                ["image_token_index", "image_token_id"], else: 32_000),
            featureLayers: try json.featureLayers(of: tower),
            dropsFirstRow: try json.dropsFirstRow())
        names = .llava
    }

    /// `Qwen2VLConfig` and `Qwen2_5_VLConfig`, whose text settings may stand at the top.
    private init(
        qwen json: ConfigurationFile,
        vision: (ConfigurationFile) throws(FormatError) -> QwenVisionConfiguration
    ) throws(FormatError) {
        let inner = try json.object("text_config") ?? json
        text = try DecoderConfiguration(inner, .qwenVision)
        if try json.tiesEmbeddings { text.tiedEmbeddings = true }
        let tower = try json.object("vision_config") ?? json.empty("vision_config")
        self.vision = VisionConfiguration(
            tower: .qwen(try vision(tower)),
            imageTokenID: try json.imageToken(["image_token_id"], else: 151_655))
        names = .qwenVision
    }
}

extension ConfigurationFile {
    /// Said at the top, or within the text's settings.
    fileprivate var tiesEmbeddings: Bool {
        get throws(FormatError) { try flag("tie_word_embeddings", else: false) }
    }

    fileprivate func projector() throws(FormatError) -> VisionConfiguration.Projector {
        VisionConfiguration.Projector(
            activation: try activation("projector_hidden_act", else: .gelu),
            bias: try flag("multimodal_projector_bias", else: true))
    }

    fileprivate func imageToken(_ keys: [String], else fallback: Int) throws(FormatError) -> Int32 {
        let key = keys.first(where: has) ?? keys[0]
        let id = try integer(key, else: fallback)
        guard id >= 0, let token = Int32(exactly: id) else {
            throw error(key, "\(id) is no token id")
        }
        return token
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
