/// A tensor's description in a GGUF file, before its place has been checked.
struct GGUFTensorInfo {
    let name: String
    let shape: [Int]
    let type: GGMLType
    /// Counted from the start of the tensor data.
    let offset: UInt64
    let byteCount: Int

    /// As many as ggml has (`GGML_MAX_DIMS`).
    private static let maximumDimensions = 4

    static func read(
        _ cursor: inout GGUFCursor,
        count: Int
    ) throws(FormatError) -> [GGUFTensorInfo] {
        var infos: [GGUFTensorInfo] = []
        infos.reserveCapacity(count)
        for index in 0..<count { infos.append(try GGUFTensorInfo(&cursor, index: index)) }
        return infos
    }

    private init(_ cursor: inout GGUFCursor, index: Int) throws(FormatError) {
        name = try cursor.string("name of tensor \(index)")
        // The file has the fastest dimension first.
        let dimensions = try Self.dimensions(&cursor, name)
        shape = dimensions.reversed()
        let code = try cursor.integer(UInt32.self, name)
        guard let type = GGMLType(rawValue: code) else {
            throw cursor.failure(name, "tensor type \(code) is not supported")
        }
        self.type = type
        offset = try cursor.integer(UInt64.self, name)
        guard (dimensions.first ?? 1) % type.blockSize == 0 else {
            throw cursor.failure(name, "rows are not whole blocks of \(type.blockSize) elements")
        }
        byteCount = try Self.byteCount(shape, type, cursor, name)
    }

    private static func dimensions(
        _ cursor: inout GGUFCursor,
        _ name: String
    ) throws(FormatError) -> [Int] {
        let count = try cursor.integer(UInt32.self, name)
        guard count <= maximumDimensions else {
            throw cursor.failure(name, "has \(count) dimensions, more than \(maximumDimensions)")
        }
        var dimensions: [Int] = []
        for _ in 0..<count {
            let size = try cursor.integer(UInt64.self, name)
            guard let size = Int(exactly: size) else {
                throw cursor.failure(name, "a dimension of \(size) is too large")
            }
            dimensions.append(size)
        }
        return dimensions
    }

    private static func byteCount(
        _ shape: [Int],
        _ type: GGMLType,
        _ cursor: GGUFCursor,
        _ name: String
    ) throws(FormatError) -> Int {
        guard let elements = ShapeProduct.of(shape),
            let bytes = ShapeProduct.of([elements / type.blockSize, type.blockByteCount])
        else { throw cursor.failure(name, "the shape \(shape) is too large") }
        // Rows are whole blocks, except that a scalar has no row.
        guard elements % type.blockSize == 0 else {
            throw cursor.failure(name, "a scalar is not a whole block")
        }
        return bytes
    }
}
