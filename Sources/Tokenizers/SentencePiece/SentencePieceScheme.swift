import Records

/// How `tokenizer.json` says that a vocabulary of SentencePiece's kind is used: Llama's and its
/// relatives', BPE over characters with `▁` for spaces.
///
/// Known are the two ways in which Hugging Face's converters write it, `Prepend` and `Replace` as
/// normalizers or `Metaspace` as pre-tokenizer, and the decoder of both.
struct SentencePieceScheme {
    var normalizer = TextNormalizer()
    var preTokenizer = PreTokenizer.whole
    /// Whether tokens such as `<0x0A>` are bytes.
    var hasBytes = false
    /// Whether decoded text loses the one space it may begin with.
    var stripsFirstSpace = false

    /// - Throws: `TokenizerError` for what is not known.
    init(_ root: JSONValue, source: String) throws(TokenizerError) {
        let reader = SentencePieceSchemeReader(source: source)
        try reader.readNormalizer(root["normalizer"], into: &normalizer)
        if let metaspace = try reader.metaspace(root["pre_tokenizer"]) {
            preTokenizer = .metaspace(metaspace)
        }
        try reader.readDecoder(root["decoder"], into: &self)
    }

    /// What the settings of a Llama tokenizer say, where there is no `tokenizer.json`.
    ///
    /// - Parameters:
    ///   - hasPrefix: Whether a space stands before every text.
    ///   - isLegacy: Whether it also stands behind tokens, and before text that begins with a
    ///     space, as SentencePiece itself has it (`legacy` of `tokenizer_config.json`).
    init(hasPrefix: Bool, isLegacy: Bool, hasBytes: Bool) {
        if isLegacy {
            normalizer = TextNormalizer(prependsMark: hasPrefix, marksSpaces: true)
        } else {
            preTokenizer = .metaspace(Metaspace(prefix: hasPrefix ? .first : .never))
        }
        self.hasBytes = hasBytes
        stripsFirstSpace = hasPrefix
    }
}

/// Reads the parts of `tokenizer.json` around the model.
private struct SentencePieceSchemeReader {
    let source: String

    func readNormalizer(
        _ value: JSONValue?,
        into normalizer: inout TextNormalizer
    ) throws(TokenizerError) {
        guard let value, value != .null else { return }
        switch value["type"]?.string {
        case "Sequence":
            for step in value["normalizers"]?.array ?? [] {
                try readNormalizer(step, into: &normalizer)
            }
        case "NFC": normalizer.composesUnicode = true
        case "Prepend" where value["prepend"]?.string == SpaceMark.text:
            normalizer.prependsMark = true
        case "Replace" where replaces(value, " ", by: SpaceMark.text):
            normalizer.marksSpaces = true
        case let type:
            throw fault(
                "normalizer",
                "this '\(type ?? "")' is not supported, only NFC, Prepend and Replace that make"
                    + " '\(SpaceMark.text)' of spaces are")
        }
    }

    func metaspace(_ value: JSONValue?) throws(TokenizerError) -> Metaspace? {
        guard let value, value != .null else { return nil }
        guard value["type"]?.string == "Metaspace",
            value["replacement"]?.string == SpaceMark.text
        else {
            throw fault("pre_tokenizer", "is neither ByteLevel nor Metaspace with its usual mark")
        }
        let addsPrefix = value["add_prefix_space"]?.bool ?? true
        let scheme = value["prepend_scheme"]?.string ?? (addsPrefix ? "always" : "never")
        guard let prefix = Metaspace.Prefix(rawValue: scheme) else {
            throw fault("pre_tokenizer", "prepend_scheme '\(scheme)' is not supported")
        }
        return Metaspace(prefix: prefix, splits: value["split"]?.bool ?? true)
    }

    /// `Replace`, `ByteFallback`, `Fuse`, `Strip`, in this order; the first one is needed.
    func readDecoder(
        _ value: JSONValue?,
        into scheme: inout SentencePieceScheme
    ) throws(TokenizerError) {
        let steps = value?["decoders"]?.array ?? []
        let names = steps.map { $0["type"]?.string ?? "?" }
        let known = [
            ["Replace", "ByteFallback", "Fuse", "Strip"], ["Replace", "ByteFallback", "Fuse"],
            ["Replace", "Fuse", "Strip"], ["Replace", "Fuse"], ["Replace"],
        ]
        guard known.contains(names), replaces(steps[0], SpaceMark.text, by: " ") else {
            throw fault(
                "decoder", "is not the sequence Replace, ByteFallback, Fuse, Strip of Llama's")
        }
        scheme.hasBytes = names.contains("ByteFallback")
        if let strip = steps.last, names.last == "Strip" {
            guard strip["content"]?.string == " ", strip["start"]?.integer == 1,
                strip["stop"]?.integer == 0
            else { throw fault("decoder", "Strip removes other than one space in front") }
            scheme.stripsFirstSpace = true
        }
    }

    private func replaces(_ step: JSONValue, _ old: String, by new: String) -> Bool {
        step["pattern"]?["String"]?.string == old && step["content"]?.string == new
    }

    private func fault(_ item: String, _ reason: String) -> TokenizerError {
        TokenizerError(source: source, item: item, reason: reason)
    }
}
