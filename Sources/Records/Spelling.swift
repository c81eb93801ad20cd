/// Finds what a misspelt name was meant to be.
package enum Spelling {
    /// The name of the smallest edit distance; empty when there are none.
    package static func nearest(to word: String, in names: [String]) -> String {
        names.min { distance($0, word) < distance($1, word) } ?? ""
    }

    /// Levenshtein's distance.
    private static func distance(_ a: String, _ b: String) -> Int {
        let b = Array(b)
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let change = diagonal + (x == y ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(change, row[j] + 1, diagonal + 1)
            }
        }
        return row[b.count]
    }
}
