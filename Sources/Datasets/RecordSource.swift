import Foundation
import Records

/// One JSON object of a file, before it is known what it means.
public struct RecordSource: Sendable, Hashable {
    /// Where the record begins, counted from 1.
    public let line: Int
    /// The columns that are not null.
    public let columns: [String: JSONValue]
    /// Where its images lie.
    public let folder: ImageFolder

    /// A record with these columns; one written as null counts as missing.
    public init(
        line: Int, columns: [String: JSONValue],
        folder: ImageFolder = ImageFolder(URL(filePath: "."))
    ) {
        (self.line, self.folder) = (line, folder)
        // A column written as null is one the record does not have.
        self.columns = columns.filter { $0.value != .null }
    }

    /// A value that is not an object has no columns.
    init(line: Int, value: JSONValue, folder: ImageFolder) {
        self.init(line: line, columns: value.object ?? [:], folder: folder)
    }

    /// The column `id`, or VQA-RAD's `qid`: a string or a whole number.
    public var id: String? {
        (columns["id"] ?? columns["qid"]).flatMap { $0.string ?? $0.integer.map(String.init) }
    }

    /// A text column that is not empty.
    func text(_ column: String) throws(RecordFault) -> String {
        guard let value = columns[column] else { throw .missing(column: column) }
        guard let text = value.string else {
            throw .wrongShape(column: column, expected: "text")
        }
        if text.isEmpty { throw .empty(column: column) }
        if text.hasEncodedImage { throw .imageInText(column: column) }
        return text
    }

    /// Plain text or a list of messages, not empty.
    func turns(_ column: String) throws(RecordFault) -> Turns {
        guard let value = columns[column] else { throw .missing(column: column) }
        if value.string != nil { return .text(try text(column)) }
        guard value.array != nil else {
            throw .wrongShape(column: column, expected: "text or a list of messages")
        }
        return .messages(try messages(column))
    }
}

/// A record of one purpose, made from a JSON object.
public protocol DatasetRecord: Sendable {
    var id: String? { get }
    /// Where the record begins in its file, counted from 1.
    var line: Int { get }
    /// - Throws: what is wrong with the columns this purpose reads.
    init(_ source: RecordSource) throws(RecordFault)
    /// In the order of their places in the text.
    var images: [ImageReference] { get }
}

extension DatasetRecord {
    /// None: a record of text.
    public var images: [ImageReference] { [] }
}
