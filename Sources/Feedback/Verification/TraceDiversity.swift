/// How much of its words a text shares with others.
///
/// The overlap of two texts is |A and B| / min(|A|, |B|) over their sets of lower-cased words, the
/// Szymkiewicz-Simpson coefficient: 1 where the words of one are all in the other.
package struct TraceDiversity: Sendable, Hashable {
    /// The largest overlap that is still different enough.
    package let limit: Double
    private var kept: [Set<String>] = []

    package init(limit: Double) {
        self.limit = limit
    }

    /// The text that another one is most like.
    package struct Neighbour: Sendable, Hashable {
        /// Its place among those kept, from 0.
        package let place: Int
        package let overlap: Double
    }

    /// Remembers a text that was kept.
    package mutating func keep(_ text: String) {
        kept.append(Self.words(of: text))
    }

    /// The first of the kept texts that share more words with `text` than the limit allows.
    package func tooSimilar(to text: String) -> Neighbour? {
        let words = Self.words(of: text)
        return kept.indices.lazy
            .map { Neighbour(place: $0, overlap: Self.overlap(kept[$0], words)) }
            .first { $0.overlap > limit }
    }

    /// Of two texts; 0 where one has no words.
    package static func overlap(_ first: String, _ second: String) -> Double {
        overlap(words(of: first), words(of: second))
    }

    private static func overlap(_ first: Set<String>, _ second: Set<String>) -> Double {
        let smaller = min(first.count, second.count)
        return smaller == 0 ? 0 : Double(first.intersection(second).count) / Double(smaller)
    }

    private static func words(of text: String) -> Set<String> {
        Set(text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
    }
}
