/// Everything before the tensor data of a GGUF file, checked against the file.
struct GGUFHeader {
    let version: Int
    let alignment: Int
    let metadata: [String: GGUFValue]
    let tensors: [GGUFTensor]
    /// The place in `tensors` of every name.
    let indices: [String: Int]

    // The least bytes of a key with its value, and of a tensor's description.
    private static let minimumKeyBytes = 13
    private static let minimumTensorBytes = 24

    init(file: MappedFile) throws(FormatError) {
        var cursor = GGUFCursor(file: file)
        version = try Self.version(&cursor)
        let tensorCount = try cursor.count(
            of: "tensors",
            minimumBytes: Self.minimumTensorBytes,
            "tensor count"
        )
        let keyCount = try cursor.count(
            of: "metadata keys",
            minimumBytes: Self.minimumKeyBytes,
            "metadata count"
        )
        metadata = try Self.metadata(&cursor, count: keyCount)
        alignment = try Self.alignment(metadata, cursor)
        let infos = try GGUFTensorInfo.read(&cursor, count: tensorCount)
        let start = try Self.aligned(cursor.position, to: alignment, cursor)
        (tensors, indices) = try GGUFLayout.place(
            infos,
            start: start,
            alignment: alignment,
            file: file
        )
    }

    private static func version(_ cursor: inout GGUFCursor) throws(FormatError) -> Int {
        // "GGUF" in little endian.
        guard try cursor.integer(UInt32.self, "magic") == 0x4655_4747 else {
            throw cursor.failure("magic", "this is not a GGUF file")
        }
        let version = try cursor.integer(UInt32.self, "version")
        guard version == 2 || version == 3 else {
            let isSwapped = version.byteSwapped <= 3
            throw cursor.failure(
                "version",
                isSwapped ? "big-endian files are not supported" : "\(version) is not 2 or 3"
            )
        }
        return Int(version)
    }

    private static func metadata(
        _ cursor: inout GGUFCursor,
        count: Int
    ) throws(FormatError) -> [String: GGUFValue] {
        var metadata: [String: GGUFValue] = [:]
        for index in 0..<count {
            let key = try cursor.string("metadata key \(index)")
            let value = try cursor.value(key: key)
            guard metadata.updateValue(value, forKey: key) == nil else {
                throw cursor.failure(key, "the key stands twice")
            }
        }
        return metadata
    }

    private static func alignment(
        _ metadata: [String: GGUFValue],
        _ cursor: GGUFCursor
    ) throws(FormatError) -> Int {
        let key = "general.alignment"
        guard let value = metadata[key] else { return 32 }
        guard let alignment = value.integer, alignment > 0, alignment.nonzeroBitCount == 1 else {
            throw cursor.failure(key, "is not a power of two")
        }
        return alignment
    }

    private static func aligned(
        _ position: Int,
        to alignment: Int,
        _ cursor: GGUFCursor
    ) throws(FormatError) -> Int {
        let (sum, overflow) = position.addingReportingOverflow(alignment - 1)
        guard !overflow else { throw cursor.failure("general.alignment", "is too large") }
        return sum & ~(alignment - 1)
    }
}
