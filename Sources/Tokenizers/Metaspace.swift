/// SentencePiece's treatment of spaces as a pre-tokenizer (`Metaspace` of Hugging Face
/// `tokenizers`): `▁` for spaces, and before a text that does not begin with one.
struct Metaspace: Sendable, Hashable {
    /// Where a text gets a `▁` in front.
    enum Prefix: String, Sendable, Hashable {
        case never
        /// At the beginning only.
        case first
        /// Behind tokens that are spelled out as well.
        case always
    }

    var prefix: Prefix
    /// Whether words are merged each for itself, `▁` beginning each; otherwise merges may cross.
    var splits = false

    /// The text with its marks.
    ///
    /// - Parameter start: What stands before the text.
    func marking(_ text: UnsafeBufferPointer<UInt8>, from start: TextStart) -> [UInt8] {
        let marked = SpaceMark.marking(text)
        let isPrefixed =
            switch prefix {
            case .never: false
            case .first: start == .nothing
            case .always: start != .text
            }
        return isPrefixed && !marked.starts(with: SpaceMark.utf8) ? SpaceMark.utf8 + marked : marked
    }

    /// Calls `body` with the range of each word of a marked text.
    func forEachWord(in text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
        guard splits else { return body(0..<text.count) }
        var start = 0
        for place in 1..<max(text.count, 1) where isMark(text, place) {
            body(start..<place)
            start = place
        }
        body(start..<text.count)
    }

    private func isMark(_ text: UnsafeBufferPointer<UInt8>, _ place: Int) -> Bool {
        text[place] == SpaceMark.utf8[0] && text[place...].starts(with: SpaceMark.utf8)
    }
}
