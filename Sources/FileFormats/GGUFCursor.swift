/// Reads the header of a GGUF file from front to back; never touches a byte behind the end.
struct GGUFCursor {
    /// What the metadata of one file may hold in arrays, in elements of all of them together.
    static let maximumElements = 1 << 26
    static let maximumNesting = 8

    let file: MappedFile
    private(set) var position = 0
    private var elementsLeft = Self.maximumElements

    init(file: MappedFile) {
        self.file = file
    }

    private var remaining: Int { file.count - position }

    mutating func integer<Value: FixedWidthInteger>(
        _ type: Value.Type,
        _ item: String
    ) throws(FormatError) -> Value {
        let bytes = try take(MemoryLayout<Value>.size, item)
        return Value(littleEndian: bytes.loadUnaligned(as: Value.self))
    }

    /// A count of things of which each takes at least `minimumBytes` of the file.
    mutating func count(
        of things: String,
        minimumBytes: Int,
        _ item: String
    ) throws(FormatError) -> Int {
        let count = try integer(UInt64.self, item)
        guard count <= UInt64(remaining / minimumBytes) else {
            throw failure(item, "\(count) \(things) do not fit into the file")
        }
        return Int(count)
    }

    mutating func string(_ item: String) throws(FormatError) -> String {
        let count = try count(of: "bytes of text", minimumBytes: 1, item)
        guard let text = StrictUTF8.string(try take(count, item)) else {
            throw failure(item, "a text is not valid UTF-8")
        }
        return text
    }

    mutating func spendElements(_ count: Int, _ item: String) throws(FormatError) {
        guard count <= elementsLeft else {
            throw failure(item, "arrays of more than \(Self.maximumElements) elements")
        }
        elementsLeft -= count
    }

    func failure(_ item: String?, _ reason: String) -> FormatError {
        FormatError(file: file.path, item: item, reason: reason)
    }

    private mutating func take(
        _ count: Int,
        _ item: String
    ) throws(FormatError) -> UnsafeRawBufferPointer {
        guard count <= remaining else { throw failure(item, "the file ends inside it") }
        defer { position += count }
        return try file.bytes(at: position, count: count, item: item)
    }
}
