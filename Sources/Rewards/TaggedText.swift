/// Tags such as `<answer>` in a text, found byte by byte.
struct TaggedText {
    let text: String
    let bytes: [UInt8]

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    /// What the last complete pair of this tag holds, whatever the tag's case; nil without one.
    func last(_ tag: String) -> String? {
        let lower = bytes.map { (65...90).contains($0) ? $0 | 32 : $0 }
        let openings = lower.ranges(of: Array("<\(tag)>".utf8))
        guard let closing = lower.ranges(of: Array("</\(tag)>".utf8)).last,
            let opening = openings.last(where: { $0.upperBound <= closing.lowerBound })
        else { return nil }
        return String(decoding: bytes[opening.upperBound..<closing.lowerBound], as: UTF8.self)
    }

    /// Every place of a piece of text, as written.
    func ranges(of piece: String) -> [Range<Int>] { bytes.ranges(of: Array(piece.utf8)) }

    /// Whether nothing but white space stands in this range.
    func isBlank(_ range: Range<Int>) -> Bool { bytes[range].allSatisfy(\.isSpace) }

    /// Whether only spaces stand beside this range on its line.
    func isAloneOnItsLine(_ range: Range<Int>) -> Bool {
        let before = bytes[..<range.lowerBound].last { !$0.isBlank }
        let after = bytes[range.upperBound...].first { !$0.isBlank }
        return (before ?? .newline) == .newline && (after ?? .newline) == .newline
    }

    /// The only pair of each tag, if the pairs follow each other in this order.
    func onlyPairs(of tags: [String]) -> [Pair]? {
        var pairs: [Pair] = []
        for tag in tags {
            let (openings, closings) = (ranges(of: "<\(tag)>"), ranges(of: "</\(tag)>"))
            guard openings.count == 1, closings.count == 1,
                openings[0].lowerBound >= (pairs.last?.closing.upperBound ?? 0),
                openings[0].upperBound <= closings[0].lowerBound
            else { return nil }
            pairs.append(Pair(opening: openings[0], closing: closings[0]))
        }
        return pairs
    }

    /// An opening and a closing tag.
    struct Pair {
        let opening: Range<Int>
        let closing: Range<Int>
        var content: Range<Int> { opening.upperBound..<closing.lowerBound }
    }
}

extension UInt8 {
    static let newline = UInt8(ascii: "\n")
    /// Space, tab or carriage return.
    var isBlank: Bool { self == 32 || self == 9 || self == 13 }
    var isSpace: Bool { isBlank || self == .newline }
}
