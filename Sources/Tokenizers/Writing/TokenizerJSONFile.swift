import FileFormats
import Records

/// `tokenizer.json` of Hugging Face `tokenizers`.
struct TokenizerJSONFile {
    let tokenizer: Tokenizer

    func write(to sink: FileSink) throws(FormatError) {
        let scheme = TokenizerScheme(tokenizer: tokenizer)
        try sink.write(#"{"version":"1.0","truncation":null,"padding":null,"#)
        try write("added_tokens", addedTokens, to: sink)
        try write("normalizer", scheme.normalizer, to: sink)
        try write("pre_tokenizer", scheme.preTokenizer, to: sink)
        try write("post_processor", postProcessor, to: sink)
        try write("decoder", scheme.decoder, to: sink)
        try sink.write(#""model":{"type":"BPE","dropout":null,"#)
        for (key, value) in scheme.model { try write(key, value, to: sink) }
        try sink.write("\n\"vocab\":{")
        try writeTokens(to: sink)
        try sink.write("},\n\"merges\":[")
        try writeMerges(to: sink)
        try sink.write("]}}\n")
    }

    private func write(
        _ key: String, _ value: JSONValue, to sink: FileSink
    ) throws(FormatError) {
        try sink.write(JSONText.quoted(key) + ":" + JSONPiece.text(value) + ",\n")
    }

    private func writeTokens(to sink: FileSink) throws(FormatError) {
        var separator = ""
        for id in 0..<tokenizer.vocabularySize {
            guard let text = tokenizer.token(for: id) else { continue }
            try sink.write(separator + JSONText.quoted(text) + ":\(id)")
            separator = ","
        }
    }

    private func writeMerges(to sink: FileSink) throws(FormatError) {
        var separator = ""
        for (left, right) in MergeList(tokenizer).merges {
            let texts = [left, right].map { JSONText.quoted(tokenizer.token(for: $0) ?? "") }
            try sink.write(separator + "[" + texts.joined(separator: ",") + "]")
            separator = ","
        }
    }

    private var addedTokens: JSONValue {
        .array(
            tokenizer.added.all.sorted { $0.id < $1.id }.map { token in
                .object(token.members.merging(["id": .integer(token.id)]) { first, _ in first })
            })
    }

    /// What stands around a text; null where nothing does.
    private var postProcessor: JSONValue {
        let (prefix, suffix) = (tokenizer.prefix, tokenizer.suffix)
        if prefix.isEmpty, suffix.isEmpty { return .null }
        func pieces(_ sequence: String, _ type: Int) -> [JSONValue] {
            func special(_ id: Int) -> JSONValue {
                .object([
                    "SpecialToken": .object([
                        "id": .string(tokenizer.token(for: id) ?? ""), "type_id": .integer(type),
                    ])
                ])
            }
            let text = JSONValue.object([
                "Sequence": .object(["id": .string(sequence), "type_id": .integer(type)])
            ])
            return prefix.map(special) + [text] + suffix.map(special)
        }
        let tokens = Set(prefix + suffix).map { id in
            let text = tokenizer.token(for: id) ?? ""
            let token = JSONValue.object([
                "id": .string(text), "ids": .array([.integer(id)]),
                "tokens": .array([.string(text)]),
            ])
            return (text, token)
        }
        return .object([
            "type": .string("TemplateProcessing"), "single": .array(pieces("A", 0)),
            "pair": .array(pieces("A", 0) + pieces("B", 1)),
            "special_tokens": .object(Dictionary(tokens) { first, _ in first }),
        ])
    }
}
