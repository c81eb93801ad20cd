/// How text is split into the words that are merged, each for itself.
enum PreTokenizer: Sendable, Hashable {
    /// GPT-2's pattern.
    case gpt2
    /// Every digit for itself, then GPT-2's pattern on what is between.
    case smollm
    /// Llama 3's pattern: at most `digits` digits together; Qwen2's is the same with one.
    case llama3(digits: Int)
    /// Nothing is split: merges may take place anywhere.
    case whole
    /// SentencePiece's words.
    case metaspace(Metaspace)

    /// The splitter of GGUF's `tokenizer.ggml.pre`.
    init?(ggufName name: String) {
        switch name {
        case "gpt-2", "phi-2": self = .gpt2
        case "smollm": self = .smollm
        case "llama-bpe", "llama3", "llama-v3": self = .llama3(digits: 3)
        case "qwen2": self = .llama3(digits: 1)
        default: return nil
        }
    }

    static let ggufNames = "gpt-2, phi-2, smollm, llama-bpe, qwen2"

    /// Calls `body` with the range of each word, in order; together they are the text.
    @inline(__always)
    func forEachWord(in text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
        switch self {
        case .gpt2:
            let splitter = GPT2Splitter(ScalarScanner(text, end: text.count))
            Self.forEachWord(from: 0, to: text.count, splitter.end, body)
        case .smollm: Self.forEachWordOrDigit(in: text, body)
        case .llama3(let digits):
            let splitter = Llama3Splitter(ScalarScanner(text, end: text.count), digits: digits)
            Self.forEachWord(from: 0, to: text.count, splitter.end, body)
        case .whole: body(0..<text.count)
        case .metaspace(let metaspace): metaspace.forEachWord(in: text, body)
        }
    }

    @inline(__always)
    private static func forEachWord(
        from start: Int,
        to limit: Int,
        _ end: (Int) -> Int,
        _ body: (Range<Int>) -> Void
    ) {
        var position = start
        while position < limit {
            let next = end(position)
            body(position..<next)
            position = next
        }
    }

    @inline(__always)
    private static func forEachWordOrDigit(
        in text: UnsafeBufferPointer<UInt8>,
        _ body: (Range<Int>) -> Void
    ) {
        let whole = ScalarScanner(text, end: text.count)
        var position = 0
        while position < text.count {
            let limit = whole.skip([.letter, .whitespace, .other], from: position)
            let splitter = GPT2Splitter(ScalarScanner(text, end: limit))
            forEachWord(from: position, to: limit, splitter.end, body)
            position = limit
            if position < text.count {
                let next = whole.scalar(at: position).next
                body(position..<next)
                position = next
            }
        }
    }
}
