import Checkpoints
import Datasets
import FileFormats
import Foundation
import Images
import Layers
import Models
import Records
import Tokenizers
import Torch

/// A decoder with the tokenizer it was trained with.
public final class LanguageModel {
    public let decoder: Decoder
    public let tokenizer: Tokenizer
    /// How records and conversations become this model's tokens.
    public let encoding: TokenizerEncoding
    /// Ids that end an answer.
    public let stopIDs: Set<Int>
    /// What turns images into rows for the decoder; nil in a text model.
    public let vision: VisionPipeline?
    /// The file or folder it came from.
    public let origin: URL

    init(
        decoder: Decoder, tokenizer: Tokenizer, stopIDs: Set<Int>, origin: URL,
        vision: VisionPipeline? = nil, imageToken: ImageToken? = nil
    ) throws(DatasetError) {
        self.decoder = decoder
        self.tokenizer = tokenizer
        self.stopIDs = stopIDs.union(tokenizer.eosID.map { [$0] } ?? [])
        self.origin = origin
        self.vision = vision
        encoding = try TokenizerEncoding(
            tokenizer, imageToken: imageToken, measuring: vision?.measuring)
    }

    /// Loads a GGUF file or a Hugging Face folder.
    ///
    /// - Parameters:
    ///   - dtype: what the frozen weights are held and multiplied in.
    ///   - maxPixels: the most pixels of an image that is cut to no fixed size; nil for what the
    ///     folder says.
    /// - Throws: ``FormatError``, ``TokenizerError``, ``DatasetError`` or ``ImageError``.
    public static func load(
        _ url: URL, dtype: DType, device: Device, maxPixels: Int? = nil
    ) throws -> LanguageModel {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw FormatError(file: url.path, reason: "there is no such model file or folder")
        }
        return isFolder.boolValue
            ? try loadFolder(url, dtype, device, maxPixels) : try loadGGUF(url, dtype, device)
    }

    /// Puts a PEFT adapter from a folder on the model.
    ///
    /// - Throws: ``FormatError``, also for the adapter of a reward model, or ``AdapterError``.
    @discardableResult
    public func attachAdapter(
        _ folder: URL, name: AdapterName = .default
    ) throws -> AdapterConfiguration {
        let (configuration, modules, score, saved) = try AdapterFiles.read(folder)
        guard score == nil else {
            throw FormatError(
                file: folder.path, item: "task_type",
                reason: "SEQ_CLS is a reward model's adapter; it continues no text")
        }
        try decoder.attachAdapters(configuration, modules, saved: saved, name: name)
        return configuration
    }

    private static func loadGGUF(_ url: URL, _ dtype: DType, _ device: Device) throws
        -> LanguageModel
    {
        let file = try GGUF(url: url)
        let decoder = try Decoder(ModelCheckpoint(file), dtype: dtype, device: device)
        let tokenizer = try Tokenizer(ggufMetadata: file.metadata, source: url.path)
        return try LanguageModel(
            decoder: decoder, tokenizer: tokenizer, stopIDs: [], origin: url)
    }

    private static func loadFolder(
        _ url: URL, _ dtype: DType, _ device: Device, _ maxPixels: Int?
    ) throws -> LanguageModel {
        let decoder = try Decoder(ModelCheckpoint(folder: url), dtype: dtype, device: device)
        let vision = try decoder.vision.map { model in
            var processor = try ImageProcessor(folder: url)
            if let maxPixels { processor.maxPixels = maxPixels }
            return VisionPipeline(model, processor, dtype: dtype, device: device)
        }
        let tokenizer = try Tokenizer(folder: url)
        let imageToken = try vision.map { pipeline in
            try ImageToken(id: Int(pipeline.model.imageTokenID), in: tokenizer)
        }
        return try LanguageModel(
            decoder: decoder, tokenizer: tokenizer, stopIDs: stopIDs(in: url), origin: url,
            vision: vision, imageToken: imageToken)
    }

    /// `eos_token_id` of generation_config.json: one id or several.
    private static func stopIDs(in folder: URL) throws(FormatError) -> Set<Int> {
        let file = folder.appending(path: "generation_config.json")
        guard FileManager.default.fileExists(atPath: file.path) else { return [] }
        let ids = try JSONDocument.read(file)["eos_token_id"]
        return Set(ids?.array?.compactMap(\.integer) ?? [ids?.integer].compactMap { $0 })
    }
}
