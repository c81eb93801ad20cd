import Checkpoints
import Datasets
import FileFormats
import Foundation
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
    /// The file or folder it came from.
    public let origin: URL

    init(
        decoder: Decoder, tokenizer: Tokenizer, stopIDs: Set<Int>, origin: URL
    ) throws(DatasetError) {
        self.decoder = decoder
        self.tokenizer = tokenizer
        self.stopIDs = stopIDs.union(tokenizer.eosID.map { [$0] } ?? [])
        self.origin = origin
        encoding = try TokenizerEncoding(tokenizer)
    }

    /// Loads a GGUF file or a Hugging Face folder.
    ///
    /// - Parameter dtype: what the frozen weights are held and multiplied in.
    /// - Throws: ``FormatError``, ``TokenizerError`` or ``DatasetError``.
    public static func load(_ url: URL, dtype: DType, device: Device) throws -> LanguageModel {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw FormatError(file: url.path, reason: "there is no such model file or folder")
        }
        return isFolder.boolValue
            ? try loadFolder(url, dtype, device) : try loadGGUF(url, dtype, device)
    }

    /// Puts a PEFT adapter from a folder on the model.
    ///
    /// - Throws: ``FormatError``, also for the adapter of a reward model, or ``AdapterError``.
    @discardableResult
    public func attachAdapter(
        _ folder: URL, name: AdapterName = .default
    ) throws -> AdapterConfiguration {
        let (configuration, modules, score) = try AdapterFiles.read(folder)
        guard score == nil else {
            throw FormatError(
                file: folder.path, item: "task_type",
                reason: "SEQ_CLS is a reward model's adapter; it continues no text")
        }
        try decoder.attachAdapters(configuration, modules, name: name)
        return configuration
    }

    private static func loadGGUF(_ url: URL, _ dtype: DType, _ device: Device) throws
        -> LanguageModel
    {
        let file = try GGUF(url: url)
        let weights = try GGUFWeights(file)
        let decoder = try Decoder(
            DecoderConfiguration(weights), WeightPath(weights, dtype: dtype, device: device))
        let tokenizer = try Tokenizer(ggufMetadata: file.metadata, source: url.path)
        return try LanguageModel(
            decoder: decoder, tokenizer: tokenizer, stopIDs: [], origin: url)
    }

    private static func loadFolder(
        _ url: URL, _ dtype: DType, _ device: Device
    ) throws -> LanguageModel {
        let configuration = try DecoderConfiguration(
            huggingFace: url.appending(path: "config.json"))
        let weights = try SafetensorsWeights(url: url)
        let decoder = try Decoder(configuration, WeightPath(weights, dtype: dtype, device: device))
        return try LanguageModel(
            decoder: decoder, tokenizer: Tokenizer(folder: url), stopIDs: stopIDs(in: url),
            origin: url)
    }

    /// `eos_token_id` of generation_config.json: one id or several.
    private static func stopIDs(in folder: URL) throws(FormatError) -> Set<Int> {
        let file = folder.appending(path: "generation_config.json")
        guard FileManager.default.fileExists(atPath: file.path) else { return [] }
        let ids = try JSONDocument.read(file)["eos_token_id"]
        return Set(ids?.array?.compactMap(\.integer) ?? [ids?.integer].compactMap { $0 })
    }
}
