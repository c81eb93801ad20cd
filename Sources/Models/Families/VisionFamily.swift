import Checkpoints
import FileFormats

/// A family of models that see: where the text is described, what it sees with, and what earlier
/// checkpoints called the modules.
struct VisionFamily: Sendable {
    /// `model_type` in config.json.
    let type: String
    /// The family of every such model's decoder, whose settings may stand at the top; nil where
    /// `text_config` names its own.
    var text: ModelFamily?
    let earlierNames: WeightNames
    let vision: @Sendable (ConfigurationFile) throws(FormatError) -> VisionConfiguration

    /// The decoder within a larger model.
    func decoder(
        _ json: ConfigurationFile, _ families: ModelFamilies
    ) throws(FormatError) -> (ModelFamily, DecoderConfiguration) {
        let inner = try json.object("text_config")
        let family: ModelFamily
        let settings: ConfigurationFile
        if let text {
            (family, settings) = (text, inner ?? json)
        } else {
            settings = inner ?? json.empty("text_config")
            family = try families.text(settings, else: ModelFamily.llama.type)
        }
        var decoder = try DecoderConfiguration(settings, family, isPart: true)
        // Said at the top, or within the text's settings.
        if try json.flag("tie_word_embeddings", else: false) { decoder.tiedEmbeddings = true }
        return (family, decoder)
    }
}

extension ConfigurationFile {
    /// The id that stands for an image, under the first of several keys that is there.
    func imageToken(_ keys: [String], else fallback: Int) throws(FormatError) -> Int32 {
        let key = keys.first(where: has) ?? keys[0]
        let id = try integer(key, else: fallback)
        guard id >= 0, let token = Int32(exactly: id) else {
            throw error(key, "\(id) is no token id")
        }
        return token
    }
}
