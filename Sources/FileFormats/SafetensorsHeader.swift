import Records

/// Everything before the data of a safetensors file, checked against the file.
struct SafetensorsHeader {
    let metadata: [String: String]
    /// In the order of their bytes.
    let tensors: [SafetensorsTensor]

    /// The limit of the reference implementation.
    private static let maximumByteCount = 100_000_000
    private static let lengthByteCount = 8
    private static let metadataKey = "__metadata__"

    init(file: MappedFile) throws(FormatError) {
        let bytes = try Self.bytes(of: file)
        guard case .object(let entries) = try JSONDocument.parse(bytes, file: file.path) else {
            throw FormatError(file: file.path, item: "header", reason: "is not a JSON object")
        }
        metadata = try Self.metadata(entries[Self.metadataKey], file: file.path)
        var tensors: [SafetensorsTensor] = []
        let start = Self.lengthByteCount + bytes.count
        for (name, entry) in entries where name != Self.metadataKey {
            let entry = SafetensorsEntry(name: name, value: entry, file: file.path)
            tensors.append(try entry.tensor(start: start))
        }
        // An empty tensor shares its offset with the one behind it.
        tensors.sort { ($0.offset, $0.byteCount, $0.name) < ($1.offset, $1.byteCount, $1.name) }
        self.tensors = tensors
        try Self.check(tensors, start: start, file: file)
    }

    private static func bytes(of file: MappedFile) throws(FormatError) -> UnsafeRawBufferPointer {
        let length = try file.bytes(at: 0, count: lengthByteCount, item: "header length")
        let count = UInt64(littleEndian: length.loadUnaligned(as: UInt64.self))
        guard count <= UInt64(maximumByteCount) else {
            throw FormatError(
                file: file.path,
                item: "header",
                reason: "\(count) bytes are more than \(maximumByteCount)"
            )
        }
        return try file.bytes(at: lengthByteCount, count: Int(count), item: "header")
    }

    private static func metadata(
        _ value: JSONValue?,
        file: String
    ) throws(FormatError) -> [String: String] {
        guard let value else { return [:] }
        var metadata: [String: String] = [:]
        for (key, value) in value.object ?? ["": value] {
            guard let text = value.string else {
                throw FormatError(
                    file: file,
                    item: metadataKey,
                    reason: "is not an object of texts"
                )
            }
            metadata[key] = text
        }
        return metadata
    }

    /// The data must cover the rest of the file without holes and overlaps.
    private static func check(
        _ tensors: [SafetensorsTensor],
        start: Int,
        file: MappedFile
    ) throws(FormatError) {
        var end = start
        for tensor in tensors {
            guard tensor.offset == end else {
                throw FormatError(
                    file: file.path,
                    item: tensor.name,
                    reason: tensor.offset < end
                        ? "overlaps the tensor before it" : "there is a hole before its data"
                )
            }
            end += tensor.byteCount
            guard end <= file.count else {
                throw FormatError(
                    file: file.path,
                    item: tensor.name,
                    reason: "its data ends behind the file"
                )
            }
        }
        guard end == file.count else {
            throw FormatError(
                file: file.path,
                reason: "\(file.count - end) bytes behind the last tensor"
            )
        }
    }
}
