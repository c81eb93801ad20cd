/// Columns of equal width for a terminal: the first to the left, numbers to the right.
struct TextTable {
    static let width = 80

    /// - Parameters:
    ///   - rows: all with as many cells; the first is the heading.
    ///   - width: characters of a line at most, as far as the columns after the first allow.
    static func lines(_ rows: [[String]], width: Int = width) -> [String] {
        let count = rows.first?.count ?? 0
        let others = (1..<max(count, 1)).map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        let room = width - others.reduce(0) { $0 + $1 + 2 }
        let names = rows.map { shortened($0[0], to: max(room, 8)) }
        let first = names.map(\.count).max() ?? 0
        return zip(names, rows).map { name, row in
            let cells = zip(others, row.dropFirst()).map { "  " + padding($1, $0) + $1 }
            return trimmed(name + padding(name, first) + cells.joined())
        }
    }

    /// A sentence in lines of at most so many characters, broken between words.
    static func wrapped(_ text: String, width: Int = width) -> [String] {
        text.split(separator: " ").reduce(into: []) { lines, word in
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
    }

    private static func padding(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count))
    }

    private static func trimmed(_ line: String) -> String {
        String(line.reversed().drop { $0 == " " }.reversed())
    }

    private static func shortened(_ text: String, to width: Int) -> String {
        text.count <= width ? text : text.prefix(width - 1) + "\u{2026}"
    }
}
