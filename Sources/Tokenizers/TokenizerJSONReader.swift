import Records

/// Reads `tokenizer.json` (Hugging Face `tokenizers`) of a BPE model: one of bytes, or one of
/// SentencePiece's kind.
struct TokenizerJSONReader {
    private let folder: TokenizerFolder
    private let source: String
    private let root: JSONValue
    private let tokens: [(key: String, value: JSONValue)]

    init(folder: TokenizerFolder) throws(TokenizerError) {
        self.folder = folder
        source = folder.path("tokenizer.json")
        (root, tokens) = try folder.json("tokenizer.json", listing: ["model", "vocab"])
    }

    func parts() throws(TokenizerError) -> TokenizerParts {
        try checkModel()
        let added = try addedTokens()
        var parts =
            PreTokenizerReader.isByteLevel(root["pre_tokenizer"])
            ? try byteLevelParts(added) : try sentencePieceParts(added)
        parts.specials = try folder.specialIDs(parts.vocabulary)
        try TemplateProcessor(source: source).read(root["post_processor"], into: &parts)
        if let adds = folder.configuration["add_bos_token"]?.bool,
            parts.vocabulary.spelling == .sentencePiece
        {
            // As transformers, for Llama's kind: the configuration overrules the file.
            parts.prefix = adds ? [parts.specials.bos].compactMap { $0 } : []
        }
        parts.chatTemplate = try folder.chatTemplate(
            parts.specials.templateVariables(parts.vocabulary))
        return parts
    }

    private func byteLevelParts(_ added: [AddedToken]) throws(TokenizerError) -> TokenizerParts {
        if let text = model["unk_token"]?.string, !text.isEmpty {
            throw fault("model.unk_token", "is not supported in byte-level BPE")
        }
        if model["byte_fallback"]?.bool == true {
            throw fault("model.byte_fallback", "is not supported in byte-level BPE")
        }
        var map = try VocabularyMap(tokens, source: source, item: "model.vocab")
        try map.add(added)
        let vocabulary = map.vocabulary()
        return TokenizerParts(
            vocabulary: vocabulary,
            encoder: BytePairEncoder(
                vocabulary: vocabulary,
                merges: try merges(vocabulary),
                keepsWholeWords: keepsWholeWords
            ),
            preTokenizer: try PreTokenizerReader(source: source).read(root["pre_tokenizer"]),
            normalizer: TextNormalizer(composesUnicode: try composesUnicode(root["normalizer"])),
            added: added
        )
    }

    private func sentencePieceParts(_ added: [AddedToken]) throws(TokenizerError) -> TokenizerParts
    {
        let scheme = try SentencePieceScheme(root, source: source)
        var map = try VocabularyMap(tokens, source: source, item: "model.vocab")
        if scheme.hasBytes { map.markBytes() }
        try map.add(added)
        let vocabulary = map.vocabulary(spelling: .sentencePiece)
        let fallback = CharacterFallback(
            vocabulary: vocabulary,
            hasBytes: model["byte_fallback"]?.bool ?? false,
            unknown: try unknown(vocabulary),
            fusesUnknown: model["fuse_unk"]?.bool ?? false
        )
        return TokenizerParts(
            vocabulary: vocabulary,
            encoder: BytePairEncoder(
                vocabulary: vocabulary,
                merges: try merges(vocabulary),
                keepsWholeWords: keepsWholeWords,
                alphabet: .characters(fallback)
            ),
            preTokenizer: scheme.preTokenizer,
            normalizer: scheme.normalizer,
            stripsFirstSpace: scheme.stripsFirstSpace,
            added: added
        )
    }

    private var model: JSONValue { root["model"] ?? .null }

    private var keepsWholeWords: Bool { model["ignore_merges"]?.bool ?? false }

    private func checkModel() throws(TokenizerError) {
        let type = model["type"]?.string ?? "BPE"
        guard type == "BPE" else {
            throw fault("model.type", "'\(type)' is not supported, only 'BPE' is")
        }
        for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let text = model[key]?.string, !text.isEmpty {
                throw fault("model.\(key)", "is not supported")
            }
        }
        guard model["vocab"]?.object != nil else { throw fault("model.vocab", "is missing") }
    }

    private func unknown(_ vocabulary: Vocabulary) throws(TokenizerError) -> Int? {
        guard let text = model["unk_token"]?.string else { return nil }
        guard let id = vocabulary.id(ofText: text) else {
            throw fault("model.unk_token", "'\(text)' is not in the vocabulary")
        }
        return id
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
    private func merges(_ vocabulary: Vocabulary) throws(TokenizerError) -> MergeTable {
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
