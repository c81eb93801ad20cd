import Checkpoints
import FileFormats
import Foundation

/// A model's files: what they describe, and the weights under the names that transformers gives
/// them today.
public struct ModelCheckpoint {
    public let configuration: ModelConfiguration
    public let weights: any WeightSource

    /// Opens a Hugging Face folder or a GGUF file.
    ///
    /// - Throws: ``FormatError`` that names file and key or tensor.
    public init(_ url: URL, families: ModelFamilies = .known) throws(FormatError) {
        let isFolder = (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true
        if isFolder {
            try self.init(folder: url, families: families)
        } else {
            try self.init(GGUF(url: url), families: families)
        }
    }

    /// Opens a Hugging Face folder: a text model, or one that also sees.
    ///
    /// - Throws: ``FormatError`` that names file and key or tensor.
    public init(folder: URL, families: ModelFamilies = .known) throws(FormatError) {
        configuration = try ModelConfiguration(
            huggingFace: folder.appending(path: "config.json"), families: families)
        weights = try RenamedWeights(SafetensorsWeights(url: folder), configuration.earlierNames)
    }

    /// Takes a GGUF file of a text model.
    ///
    /// - Throws: ``FormatError`` that names the key.
    public init(_ file: GGUF, families: ModelFamilies = .known) throws(FormatError) {
        let (family, description) = try families.family(of: file)
        let metadata = GGUFMetadata(file: file, architecture: description.architecture)
        let text = try DecoderConfiguration(metadata, family, description)
        configuration = ModelConfiguration(text: text, family: family)
        weights = GGUFWeights(file, family.names, text.conversion(description))
    }
}
