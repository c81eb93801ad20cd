/// A record that cannot be used, and where it stands.
public struct RecordProblem: Sendable, Hashable, CustomStringConvertible {
    /// The path of the file.
    public let file: String
    /// Where the record begins, counted from 1.
    public let line: Int
    /// The record's id, where it could be read.
    public let id: String?
    /// What is wrong.
    public let fault: RecordFault

    /// A problem of the record that begins on this line.
    public init(file: String, line: Int, id: String?, fault: RecordFault) {
        self.file = file
        self.line = line
        self.id = id
        self.fault = fault
    }

    /// File, line, id and what is wrong.
    public var description: String {
        "\(file):\(line): " + (id.map { "record \($0) " } ?? "") + fault.description
    }
}

/// Something odd that does not stop a run.
public enum RecordWarning: Sendable, Hashable, CustomStringConvertible {
    case duplicateID(String, file: String, lines: [Int])

    /// File and what is odd.
    public var description: String {
        switch self {
        case .duplicateID(let id, let file, let lines):
            "\(file): id \(id) stands on lines "
                + lines.map(String.init).joined(separator: ", ")
        }
    }
}

/// What to do with a file that has unusable records.
public enum SkipPolicy: String, Sendable, Hashable, CaseIterable, Codable {
    /// Report all of them and go no further.
    case stop
    /// Report all of them and go on with the others.
    case skip
}
