import Records

/// Recognises the `pre_tokenizer` of `tokenizer.json`.
struct PreTokenizerReader {
    let source: String

    private static let gpt2Pattern =
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    /// The pattern of Llama 3, or of Qwen2 where digits stand each for itself.
    static func llama3Pattern(digits: Int) -> String {
        let number = digits == 1 ? #"\p{N}"# : #"\p{N}{1,\#(digits)}"#
        return #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"# + number
            + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    }

    /// Whether the vocabulary is one of bytes; else spaces are SentencePiece's.
    static func isByteLevel(_ value: JSONValue?) -> Bool {
        guard let value, value != .null else { return false }
        return value["type"]?.string != "Metaspace"
    }

    func read(_ value: JSONValue?) throws(TokenizerError) -> PreTokenizer {
        guard let value, value != .null else { throw fault("is missing") }
        let steps =
            value["type"]?.string == "Sequence"
            ? value["pretokenizers"]?.array ?? [] : [value]
        let names = steps.map { $0["type"]?.string ?? "?" }
        if let last = steps.last, last["add_prefix_space"]?.bool == true {
            throw fault("add_prefix_space is not supported")
        }
        switch names {
        case ["ByteLevel"] where usesPattern(steps[0]): return .gpt2
        case ["Digits", "ByteLevel"]
        where steps[0]["individual_digits"]?.bool == true && usesPattern(steps[1]):
            return .smollm
        case ["Split", "ByteLevel"] where !usesPattern(steps[1]): return try split(steps[0])
        default: throw fault("the sequence \(names.joined(separator: ", ")) is not supported")
        }
    }

    private func usesPattern(_ byteLevel: JSONValue) -> Bool {
        byteLevel["use_regex"]?.bool ?? true
    }

    private func split(_ step: JSONValue) throws(TokenizerError) -> PreTokenizer {
        guard step["behavior"]?.string == "Isolated", step["invert"]?.bool != true else {
            throw fault("this behavior of Split is not supported")
        }
        switch step["pattern"]?["Regex"]?.string {
        case Self.gpt2Pattern: return .gpt2
        case Self.llama3Pattern(digits: 3): return .llama3(digits: 3)
        case Self.llama3Pattern(digits: 1): return .llama3(digits: 1)
        default: throw fault("the pattern of Split is none of those of GPT-2, Llama 3, Qwen2")
        }
    }

    private func fault(_ reason: String) -> TokenizerError {
        TokenizerError(source: source, item: "pre_tokenizer", reason: reason)
    }
}
