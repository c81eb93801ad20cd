import Checkpoints
import FileFormats
import Foundation

/// What a Hugging Face folder's `config.json` or a GGUF file's metadata describe: a decoder, and
/// what it sees with, if anything.
public struct ModelConfiguration: Sendable {
    public var text: DecoderConfiguration
    public var vision: VisionConfiguration?
    /// The decoder's.
    let family: ModelFamily
    /// What earlier checkpoints and adapters called the modules.
    let earlierNames: WeightNames

    /// Reads the `model_type` of any family.
    ///
    /// - Throws: ``FormatError`` that names the key.
    public init(
        huggingFace file: URL, families: ModelFamilies = .known
    ) throws(FormatError) {
        let json = try ConfigurationFile(file)
        guard let seeing = try families.seeing(json) else {
            family = try families.text(json)
            text = try DecoderConfiguration(json, family, isPart: false)
            earlierNames = .unchanged
            return
        }
        (family, text) = try seeing.decoder(json, families)
        vision = try seeing.vision(json)
        earlierNames = seeing.earlierNames
    }

    init(text: DecoderConfiguration, family: ModelFamily) {
        (self.text, self.family, earlierNames) = (text, family, .unchanged)
    }
}
