import Records

/// Reads from the `post_processor` of `tokenizer.json` what goes around a text.
struct TemplateProcessor {
    let source: String

    func read(_ value: JSONValue?, into parts: inout TokenizerParts) throws(TokenizerError) {
        guard let value, value != .null else { return }
        switch value["type"]?.string {
        case "ByteLevel": return
        case "Sequence":
            for step in value["processors"]?.array ?? [] { try read(step, into: &parts) }
        case "TemplateProcessing": try readTemplate(value, into: &parts)
        case let type: throw fault("'\(type ?? "")' is not supported")
        }
    }

    private func readTemplate(
        _ value: JSONValue,
        into parts: inout TokenizerParts
    ) throws(TokenizerError) {
        var isBehind = false
        for piece in value["single"]?.array ?? [] {
            if piece["Sequence"] != nil {
                isBehind = true
            } else if let name = piece["SpecialToken"]?["id"]?.string {
                let ids = try ids(of: name, value, parts.vocabulary.count)
                if isBehind { parts.suffix += ids } else { parts.prefix += ids }
            } else {
                throw fault("has a piece that is neither Sequence nor SpecialToken")
            }
        }
    }

    private func ids(
        of name: String,
        _ value: JSONValue,
        _ count: Int
    ) throws(TokenizerError) -> [Int] {
        let listed = value["special_tokens"]?[name]?["ids"]?.array ?? []
        let ids = listed.compactMap(\.integer)
        guard !ids.isEmpty, ids.count == listed.count, ids.allSatisfy((0..<count).contains) else {
            throw fault("'\(name)' has no ids within the vocabulary")
        }
        return ids
    }

    private func fault(_ reason: String) -> TokenizerError {
        TokenizerError(source: source, item: "post_processor", reason: reason)
    }
}
