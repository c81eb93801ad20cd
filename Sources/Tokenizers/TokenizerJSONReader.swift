import Records

/// Reads `tokenizer.json` (Hugging Face `tokenizers`) of a byte-level BPE model.
struct TokenizerJSONReader {
    private let folder: TokenizerFolder
    private let source: String
    private let root: JSONValue

    init(folder: TokenizerFolder) throws(TokenizerError) {
        self.folder = folder
        source = folder.path("tokenizer.json")
        root = try folder.json("tokenizer.json")
    }

    func parts() throws(TokenizerError) -> TokenizerParts {
        let model = root["model"] ?? .null
        try check(model)
        let added = try addedTokens()
        guard let tokens = model["vocab"]?.object else { throw fault("model.vocab", "is missing") }
        var map = try VocabularyMap(tokens, source: source, item: "model.vocab")
        try map.add(added)
        let vocabulary = map.vocabulary()
        let specials = try folder.specialIDs(vocabulary)
        var parts = TokenizerParts(
            vocabulary: vocabulary,
            encoder: BytePairEncoder(
                vocabulary: vocabulary,
                merges: try merges(model, vocabulary),
                keepsWholeWords: model["ignore_merges"]?.bool ?? false
            ),
            preTokenizer: try PreTokenizerReader(source: source).read(root["pre_tokenizer"]),
            composesUnicode: try composesUnicode(root["normalizer"]),
            added: added,
            specials: specials
        )
        try TemplateProcessor(source: source).read(root["post_processor"], into: &parts)
        parts.chatTemplate = try folder.chatTemplate(specials.templateVariables(vocabulary))
        return parts
    }

    private func check(_ model: JSONValue) throws(TokenizerError) {
        let type = model["type"]?.string ?? "BPE"
        guard type == "BPE" else {
            throw fault("model.type", "'\(type)' is not supported, only 'BPE' is")
        }
        for key in ["continuing_subword_prefix", "end_of_word_suffix", "unk_token"] {
            if let text = model[key]?.string, !text.isEmpty {
                throw fault("model.\(key)", "is not supported in byte-level BPE")
            }
        }
        if model["byte_fallback"]?.bool == true {
            throw fault("model.byte_fallback", "is not supported in byte-level BPE")
        }
    }

    /// The file's own, and those that `tokenizer_config.json` has besides.
    private func addedTokens() throws(TokenizerError) -> [AddedToken] {
        var tokens: [AddedToken] = []
        for (index, value) in (root["added_tokens"]?.array ?? []).enumerated() {
            guard let id = value["id"]?.integer, let token = AddedToken(value, id: id) else {
                throw fault("added_tokens", "entry \(index) has no id or no content")
            }
            tokens.append(token)
        }
        let known = Set(tokens.map(\.id))
        return tokens + (try folder.addedTokens()).filter { !known.contains($0.id) }
    }

    /// Each merge is a pair, or in older files two tokens with a space between.
    private func merges(
        _ model: JSONValue,
        _ vocabulary: Vocabulary
    ) throws(TokenizerError) -> MergeTable {
        guard let list = model["merges"]?.array else { throw fault("model.merges", "is missing") }
        var rules = MergeRules(
            count: list.count,
            vocabulary: vocabulary,
            source: source,
            item: "model.merges"
        )
        for (index, entry) in list.enumerated() {
            switch entry {
            case .string(let line): try rules.add(line: line)
            case .array(let pair) where pair.count == 2:
                guard case .string(let left) = pair[0], case .string(let right) = pair[1] else {
                    throw fault("model.merges", "merge \(index + 1) is not two tokens")
                }
                try rules.add(left: left, right: right)
            default: throw fault("model.merges", "merge \(index + 1) is not two tokens")
            }
        }
        return rules.table
    }

    private func composesUnicode(_ value: JSONValue?) throws(TokenizerError) -> Bool {
        guard let value, value != .null else { return false }
        switch value["type"]?.string {
        case "NFC": return true
        case "Sequence":
            var composes = false
            for step in value["normalizers"]?.array ?? [] where try composesUnicode(step) {
                composes = true
            }
            return composes
        case let type:
            throw fault("normalizer", "'\(type ?? "")' is not supported, only 'NFC' is")
        }
    }

    private func fault(_ item: String, _ reason: String) -> TokenizerError {
        TokenizerError(source: source, item: item, reason: reason)
    }
}
