/// Why a dataset cannot be used.
public enum DatasetError: Error, Sendable, Hashable {
    /// The file cannot be read at all.
    case unreadable(file: String, reason: String)
    /// No record has the column that the caller says holds the images.
    case noImageColumn(String, file: String)
    /// Every problem of the file, in the order of its lines.
    case unusable([RecordProblem])
    /// The tokenizer has no id that ends a text.
    case noEndOfText
}

extension DatasetError: CustomStringConvertible {
    static let shown = 20

    /// A count of the problems, the first twenty a line each, and how many more there are.
    public var description: String {
        switch self {
        case .unreadable(let file, let reason): "\(file): \(reason)"
        case .noImageColumn(let column, let file):
            "\(file): no record has the column `\(column)` that image_key (--image-key) names"
        case .unusable(let problems): Self.list(problems)
        case .noEndOfText: "the tokenizer has no id that ends a text"
        }
    }

    private static func list(_ problems: [RecordProblem]) -> String {
        let noun = problems.count == 1 ? "record" : "records"
        var lines = ["\(problems.count) unusable \(noun):"]
        lines += problems.prefix(shown).map(\.description)
        if problems.count > shown { lines.append("and \(problems.count - shown) more") }
        return lines.joined(separator: "\n")
    }
}
