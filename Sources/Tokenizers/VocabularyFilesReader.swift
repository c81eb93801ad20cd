import FileFormats
import Records

/// Reads `vocab.json` and `merges.txt`, the form before `tokenizer.json`.
///
/// These files do not say how text is split: `tokenizer_class` in `tokenizer_config.json` does.
struct VocabularyFilesReader {
    let folder: TokenizerFolder

    func parts() throws(TokenizerError) -> TokenizerParts {
        let preTokenizer = try preTokenizer()
        let added = try folder.addedTokens()
        let source = folder.path("vocab.json")
        let (document, tokens) = try folder.json("vocab.json", listing: [])
        guard document.object != nil else {
            throw TokenizerError(source: source, reason: "is not an object")
        }
        var map = try VocabularyMap(tokens, source: source, item: nil)
        try map.add(added)
        let vocabulary = map.vocabulary()
        let specials = try folder.specialIDs(vocabulary)
        var parts = TokenizerParts(
            vocabulary: vocabulary,
            encoder: BytePairEncoder(
                vocabulary: vocabulary,
                merges: try merges(vocabulary),
                keepsWholeWords: false
            ),
            preTokenizer: preTokenizer,
            normalizer: TextNormalizer(composesUnicode: preTokenizer != .gpt2),
            added: added,
            specials: specials
        )
        parts.prefix = adds("add_bos_token", specials.bos)
        parts.suffix = adds("add_eos_token", specials.eos)
        parts.chatTemplate = try folder.chatTemplate(specials.templateVariables(vocabulary))
        return parts
    }

    private func preTokenizer() throws(TokenizerError) -> PreTokenizer {
        switch folder.configuration["tokenizer_class"]?.string {
        case "GPT2Tokenizer", "GPT2TokenizerFast": return .gpt2
        case "Qwen2Tokenizer", "Qwen2TokenizerFast": return .llama3(digits: 1)
        case let name:
            throw TokenizerError(
                source: folder.path("tokenizer_config.json"),
                item: "tokenizer_class",
                reason: name.map { "'\($0)' is not supported without tokenizer.json" }
                    ?? "is missing"
            )
        }
    }

    private func merges(_ vocabulary: Vocabulary) throws(TokenizerError) -> MergeTable {
        let file = try folder.file("merges.txt")
        defer { withExtendedLifetime(file) {} }
        let lines = file.bytes.split(separator: UInt8(ascii: "\n"))
        var rules = MergeRules(
            count: lines.count,
            vocabulary: vocabulary,
            source: file.path,
            item: "merges"
        )
        for line in lines {
            let bytes = UnsafeRawBufferPointer(rebasing: line).assumingMemoryBound(to: UInt8.self)
            let end = bytes.last == UInt8(ascii: "\r") ? bytes.count - 1 : bytes.count
            let text = UnsafeBufferPointer(rebasing: bytes[..<end])
            if text.isEmpty || text.starts(with: "#version".utf8) { continue }
            try rules.add(line: text)
        }
        return rules.table
    }

    private func adds(_ key: String, _ id: Int?) -> [Int] {
        folder.configuration[key]?.bool == true ? [id].compactMap { $0 } : []
    }
}
