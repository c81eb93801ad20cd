import Foundation
import Records

/// The members of one object of a document, in order and by the bytes of their keys.
///
/// A dictionary of Swift takes keys for the same that Unicode calls equivalent: `ί` as one
/// character or another, say. Vocabularies have both.
struct JSONListing {
    /// The keys that lead to the object, from the root.
    let path: [String]
    /// Where the parser is: keys, and an empty text for an array.
    var place: [String] = []
    private(set) var members: [(key: String, value: JSONValue)] = []
    private var keys: Set<[UInt8]> = []

    init(path: [String]) {
        self.path = path
    }

    var isHere: Bool { place == path }

    /// - Returns: false when there is such a key.
    mutating func add(_ key: String, _ value: JSONValue) -> Bool {
        guard keys.insert(Array(key.utf8)).inserted else { return false }
        members.append((key, value))
        return true
    }
}

extension JSONDocument {
    /// Reads a file that holds one JSON value, with the members of one of its objects apart, in
    /// order and by the bytes of their keys.
    ///
    /// - Parameter path: The keys that lead to that object; where it stands the document has an
    ///   empty one.
    /// - Throws: `FormatError` with the line and column of the fault, never the text.
    public static func read(
        _ url: URL, listing path: [String]
    ) throws(FormatError) -> (document: JSONValue, members: [(key: String, value: JSONValue)]) {
        let file = try MappedFile(url: url)
        defer { withExtendedLifetime(file) {} }
        do throws(JSONFault) {
            var parser = JSONParser(file.bytes)
            parser.listing = JSONListing(path: path)
            parser.skipByteOrderMark()
            let document = try parser.parseValue()
            try parser.expectEnd()
            return (document, parser.listing?.members ?? [])
        } catch {
            throw error.located(in: file.bytes, file: file.path)
        }
    }
}
