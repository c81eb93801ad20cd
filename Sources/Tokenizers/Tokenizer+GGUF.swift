import FileFormats
import Records

extension Tokenizer {
    /// Reads the keys `tokenizer.*` of a GGUF file's metadata (specification: ggml
    /// `docs/gguf.md`).
    ///
    /// - Parameter source: The file's path, for error messages.
    /// - Throws: `TokenizerError` with the key at fault: a key is missing, a list has another
    ///   length than the tokens, an id is outside the vocabulary, a merge has a part that is no
    ///   token, or the model or pre-tokenizer is not one of those supported.
    public init(
        ggufMetadata: [String: GGUFValue],
        source: String
    ) throws(TokenizerError) {
        self.init(try GGUFTokenizerReader(metadata: ggufMetadata, source: source).parts())
    }
}

/// Reads a tokenizer from GGUF metadata.
private struct GGUFTokenizerReader {
    let metadata: [String: GGUFValue]
    let source: String

    /// `llama_token_type` in ggml.
    private enum TokenType: Int {
        case normal = 1
        case unknown = 2
        case control = 3
        case userDefined = 4
        case unused = 5
        case byte = 6
    }

    func parts() throws(TokenizerError) -> TokenizerParts {
        let model = try require("tokenizer.ggml.model", \.string)
        guard model == "gpt2" else {
            throw fault("tokenizer.ggml.model", "'\(model)' is not supported, only 'gpt2' is")
        }
        let preTokenizer = try preTokenizer()
        let tokens = try require("tokenizer.ggml.tokens", \.array)
        let specials = try specialIDs(below: tokens.count)
        let types = try types(tokens.count, specials)
        let (vocabulary, added) = try vocabulary(tokens, types)
        var parts = TokenizerParts(
            vocabulary: vocabulary,
            encoder: BytePairEncoder(
                vocabulary: vocabulary,
                merges: try merges(vocabulary),
                keepsWholeWords: preTokenizer == .llama3(digits: 3)
            ),
            preTokenizer: preTokenizer,
            added: added,
            specials: specials
        )
        parts.normalizer.composesUnicode = preTokenizer == .llama3(digits: 1)
        try addSpecials(to: &parts)
        parts.chatTemplate = chatTemplate(vocabulary, specials)
        return parts
    }

    private func preTokenizer() throws(TokenizerError) -> PreTokenizer {
        let name = try require("tokenizer.ggml.pre", \.string)
        guard let found = PreTokenizer(ggufName: name) else {
            throw fault(
                "tokenizer.ggml.pre",
                "'\(name)' is not supported, only \(PreTokenizer.ggufNames) are"
            )
        }
        return found
    }

    /// The type of each token; without the key all are normal.
    ///
    /// What begins and ends a text is special, whatever the file says of it.
    private func types(
        _ count: Int,
        _ specials: SpecialIDs
    ) throws(TokenizerError) -> [TokenType] {
        let key = "tokenizer.ggml.token_type"
        var types = [TokenType](repeating: .normal, count: count)
        if metadata[key] != nil {
            let values = try require(key, \.array)
            guard values.count == count else {
                throw fault(key, "has \(values.count) entries for \(count) tokens")
            }
            for (id, value) in values.enumerated() {
                guard let type = value.integer.flatMap(TokenType.init) else {
                    throw fault(key, "entry \(id) is not a token type")
                }
                types[id] = type
            }
        }
        for id in [specials.bos, specials.eos].compactMap({ $0 }) { types[id] = .control }
        return types
    }

    private func vocabulary(
        _ tokens: [GGUFValue],
        _ types: [TokenType]
    ) throws(TokenizerError) -> (Vocabulary, [AddedToken]) {
        var vocabulary = Vocabulary(capacity: tokens.count)
        var added: [AddedToken] = []
        for (id, token) in tokens.enumerated() {
            guard case .string(let text) = token else {
                throw fault("tokenizer.ggml.tokens", "entry \(id) is not a string")
            }
            switch types[id] {
            case .normal, .byte: vocabulary.append(text, kind: .normal)
            case .unused: vocabulary.append(text, kind: .added)
            case .userDefined:
                vocabulary.append(text, kind: .added)
                added.append(AddedToken(id: id, text: text, isSpecial: false))
            case .control, .unknown:
                vocabulary.append(text, kind: .special)
                added.append(AddedToken(id: id, text: text, isSpecial: true))
            }
        }
        return (vocabulary, added)
    }

    private func merges(_ vocabulary: Vocabulary) throws(TokenizerError) -> MergeTable {
        let key = "tokenizer.ggml.merges"
        let lines = try require(key, \.array)
        var rules = MergeRules(
            count: lines.count,
            vocabulary: vocabulary,
            source: source,
            item: key
        )
        for (index, line) in lines.enumerated() {
            guard case .string(let text) = line else {
                throw fault(key, "entry \(index) is not a string")
            }
            try rules.add(line: text)
        }
        return rules.table
    }

    private func specialIDs(below count: Int) throws(TokenizerError) -> SpecialIDs {
        SpecialIDs(
            bos: try id("tokenizer.ggml.bos_token_id", below: count),
            eos: try id("tokenizer.ggml.eos_token_id", below: count),
            pad: try id("tokenizer.ggml.padding_token_id", below: count),
            unk: try id("tokenizer.ggml.unknown_token_id", below: count)
        )
    }

    private func id(_ key: String, below count: Int) throws(TokenizerError) -> Int? {
        guard metadata[key] != nil else { return nil }
        let id = try require(key, \.integer)
        guard (0..<count).contains(id) else {
            throw fault(key, "\(id) is outside the vocabulary of \(count) tokens")
        }
        return id
    }

    /// Llama 3 begins with its token unless told otherwise, the others do not.
    private func addSpecials(to parts: inout TokenizerParts) throws(TokenizerError) {
        let isLlama3 = parts.preTokenizer == .llama3(digits: 3)
        if try flag("tokenizer.ggml.add_bos_token") ?? isLlama3, let bos = parts.specials.bos {
            parts.prefix = [bos]
        }
        if try flag("tokenizer.ggml.add_eos_token") ?? false, let eos = parts.specials.eos {
            parts.suffix = [eos]
        }
    }

    private func chatTemplate(
        _ vocabulary: Vocabulary,
        _ specials: SpecialIDs
    ) -> ChatTemplate? {
        metadata["tokenizer.chat_template"]?.string.map { text in
            ChatTemplate(
                deferring: text,
                name: "\(source): tokenizer.chat_template",
                variables: specials.templateVariables(vocabulary)
            )
        }
    }

    private func flag(_ key: String) throws(TokenizerError) -> Bool? {
        metadata[key] == nil ? nil : try require(key, \.bool)
    }

    private func require<Value>(
        _ key: String,
        _ type: (GGUFValue) -> Value?
    ) throws(TokenizerError) -> Value {
        guard let found = metadata[key] else { throw fault(key, "is missing") }
        guard let value = type(found) else { throw fault(key, "is of another type") }
        return value
    }

    private func fault(_ key: String, _ reason: String) -> TokenizerError {
        TokenizerError(source: source, item: key, reason: reason)
    }
}

extension SpecialIDs {
    /// The names by which chat templates call these tokens.
    func templateVariables(_ vocabulary: Vocabulary) -> [String: JSONValue] {
        let named = ["bos_token": bos, "eos_token": eos, "pad_token": pad, "unk_token": unk]
        return named.compactMapValues { id in
            id.flatMap { vocabulary.text(of: $0) }.map { JSONValue.string($0) }
        }
    }
}
