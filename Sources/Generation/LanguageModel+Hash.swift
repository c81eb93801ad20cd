import FileFormats
import Foundation

extension LanguageModel {
    /// SHA-256 of the model's file, or of its folder's weights and configuration.
    public func contentHash() throws(FormatError) -> String {
        guard isFolder else { return try Checksums.sha256(of: origin) }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: origin.path)) ?? []
        return try hash(
            names.filter { $0.hasSuffix(".safetensors") || $0 == "config.json" })
    }

    /// SHA-256 of what else of a folder decides tokens, pixels and ends of answers; nil for a
    /// model in one file, whose hash it is part of.
    public func encodingHash() throws(FormatError) -> String? {
        guard isFolder else { return nil }
        return try hash(
            Self.encodingFiles.filter {
                FileManager.default.fileExists(atPath: origin.appending(path: $0).path)
            })
    }

    /// What the readers of tokenizers, chat templates and image processors look for.
    private static let encodingFiles = [
        "added_tokens.json", "chat_template.jinja", "chat_template.json",
        "generation_config.json", "merges.txt", "preprocessor_config.json",
        "processor_config.json", "special_tokens_map.json", "tokenizer.json", "tokenizer.model",
        "tokenizer_config.json", "vocab.json",
    ]

    private var isFolder: Bool {
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: origin.path, isDirectory: &isFolder)
        return isFolder.boolValue
    }

    private func hash(_ names: [String]) throws(FormatError) -> String {
        try Checksums.sha256(of: names.map { (name: $0, url: origin.appending(path: $0)) })
    }
}
