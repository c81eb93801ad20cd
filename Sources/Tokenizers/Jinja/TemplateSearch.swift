/// Finds a text in others in linear time, whatever both are (Knuth, Morris and Pratt 1977).
struct TemplateSearch {
    private let pattern: [UInt8]
    /// For each length of the pattern, the longest proper prefix of it that also ends it.
    private let borders: [Int]

    init(_ text: String) {
        pattern = Array(text.utf8)
        var borders = [0]
        var border = 0
        for byte in pattern.dropFirst() {
            while border > 0, pattern[border] != byte { border = borders[border - 1] }
            if pattern[border] == byte { border += 1 }
            borders.append(border)
        }
        self.borders = borders
    }

    /// Where it begins in `text`, at most `limit` times, none overlapping another; in bytes.
    func places(in text: [UInt8], limit: Int) -> [Int] {
        guard !pattern.isEmpty, limit > 0 else { return limit > 0 ? [0] : [] }
        var places: [Int] = []
        var matched = 0
        for (index, byte) in text.enumerated() {
            while matched > 0, pattern[matched] != byte { matched = borders[matched - 1] }
            if pattern[matched] == byte { matched += 1 }
            guard matched == pattern.count else { continue }
            places.append(index + 1 - matched)
            matched = 0
            if places.count == limit { break }
        }
        return places
    }
}
