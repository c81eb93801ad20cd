import FileFormats
import Foundation
import Records

/// The files of a Hugging Face folder that concern a tokenizer.
struct TokenizerFolder {
    let url: URL
    /// `tokenizer_config.json`, empty where there is none.
    let configuration: JSONValue
    private let specialTokens: JSONValue

    init(url: URL) throws(TokenizerError) {
        self.url = url
        configuration = try Self.readIfPresent(url.appending(path: "tokenizer_config.json"))
        specialTokens = try Self.readIfPresent(url.appending(path: "special_tokens_map.json"))
    }

    func has(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: path(name))
    }

    func path(_ name: String) -> String {
        url.appending(path: name).path
    }

    func json(_ name: String) throws(TokenizerError) -> JSONValue {
        try Self.read(url.appending(path: name))
    }

    /// A document, with the members of one of its objects apart, their keys told apart by bytes.
    func json(
        _ name: String, listing path: [String]
    ) throws(TokenizerError) -> (document: JSONValue, members: [(key: String, value: JSONValue)]) {
        do {
            return try JSONDocument.read(url.appending(path: name), listing: path)
        } catch {
            throw TokenizerError(error)
        }
    }

    func file(_ name: String) throws(TokenizerError) -> MappedFile {
        do {
            return try MappedFile(url: url.appending(path: name))
        } catch {
            throw TokenizerError(error)
        }
    }

    /// The tokens that `tokenizer_config.json` adds.
    func addedTokens() throws(TokenizerError) -> [AddedToken] {
        var tokens: [AddedToken] = []
        for (key, value) in configuration["added_tokens_decoder"]?.object ?? [:] {
            guard let id = Int(key), let token = AddedToken(value, id: id) else {
                throw TokenizerError(
                    source: path("tokenizer_config.json"),
                    item: "added_tokens_decoder",
                    reason: "'\(key)' is not the id of a token"
                )
            }
            tokens.append(token)
        }
        return tokens.sorted { $0.id < $1.id }
    }

    /// The ids of the tokens with a role.
    func specialIDs(_ vocabulary: Vocabulary) throws(TokenizerError) -> SpecialIDs {
        SpecialIDs(
            bos: try id("bos_token", vocabulary),
            eos: try id("eos_token", vocabulary),
            pad: try id("pad_token", vocabulary),
            unk: try id("unk_token", vocabulary)
        )
    }

    private func id(_ role: String, _ vocabulary: Vocabulary) throws(TokenizerError) -> Int? {
        guard let text = specialText(role) else { return nil }
        guard let id = vocabulary.id(ofText: text) else {
            throw TokenizerError(
                source: path("tokenizer_config.json"),
                item: role,
                reason: "'\(text)' is not in the vocabulary"
            )
        }
        return id
    }

    /// The text of the token with a role, written plainly or as an object.
    func specialText(_ role: String) -> String? {
        let value = configuration[role] ?? specialTokens[role]
        return value?.string ?? value?["content"]?.string
    }

    private static func readIfPresent(_ url: URL) throws(TokenizerError) -> JSONValue {
        FileManager.default.fileExists(atPath: url.path) ? try read(url) : .object([:])
    }

    private static func read(_ url: URL) throws(TokenizerError) -> JSONValue {
        do {
            return try JSONDocument.read(url)
        } catch {
            throw TokenizerError(error)
        }
    }
}

extension TokenizerFolder {
    /// The chat template: `chat_template.jinja`, `chat_template.json`, in `processor_config.json`,
    /// or in `tokenizer_config.json`, where it may be one of several with names.
    func chatTemplate(_ variables: [String: JSONValue]) throws(TokenizerError) -> ChatTemplate? {
        if has("chat_template.jinja") {
            let file = try file("chat_template.jinja")
            return ChatTemplate(
                deferring: String(decoding: file.bytes, as: UTF8.self),
                name: file.path,
                variables: variables
            )
        }
        if has("chat_template.json") {
            let value = try json("chat_template.json")["chat_template"]
            return try chatTemplate(value, "chat_template.json", variables)
        }
        if has("processor_config.json") {
            let value = try json("processor_config.json")["chat_template"]
            if let template = try chatTemplate(value, "processor_config.json", variables) {
                return template
            }
        }
        return try chatTemplate(
            configuration["chat_template"],
            "tokenizer_config.json",
            variables
        )
    }

    private func chatTemplate(
        _ value: JSONValue?,
        _ name: String,
        _ variables: [String: JSONValue]
    ) throws(TokenizerError) -> ChatTemplate? {
        guard let value, value != .null else { return nil }
        let named = value.array?.first { $0["name"]?.string == "default" }
        guard let text = value.string ?? named?["template"]?.string else {
            throw TokenizerError(
                source: path(name),
                item: "chat_template",
                reason: "is neither a text nor a list with one named 'default'"
            )
        }
        return ChatTemplate(
            deferring: text,
            name: "\(path(name)): chat_template",
            variables: variables
        )
    }
}

extension AddedToken {
    /// From an entry of `added_tokens` or `added_tokens_decoder`.
    init?(_ value: JSONValue, id: Int) {
        guard let text = value["content"]?.string, id >= 0 else { return nil }
        self.init(
            id: id,
            text: text,
            isSpecial: value["special"]?.bool ?? false,
            stripsLeft: value["lstrip"]?.bool ?? false,
            stripsRight: value["rstrip"]?.bool ?? false,
            isSingleWord: value["single_word"]?.bool ?? false,
            isNormalized: value["normalized"]?.bool ?? false
        )
    }
}

extension TokenizerError {
    init(_ error: FormatError) {
        self.init(source: error.file, item: error.item, reason: error.reason)
    }
}
