/// Reads the fields of a message of Protocol Buffers (the wire format of protobuf.dev/programming-
/// guides/encoding), without a schema.
struct ProtobufMessage {
    enum Value {
        case integer(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        /// A text, bytes or a message in this one.
        case bytes(UnsafeRawBufferPointer)

        var integer: UInt64? { if case .integer(let value) = self { value } else { nil } }

        var bool: Bool? { integer.map { $0 != 0 } }

        var float: Float? {
            if case .fixed32(let bits) = self { Float(bitPattern: bits) } else { nil }
        }

        var bytes: UnsafeRawBufferPointer? {
            if case .bytes(let bytes) = self { bytes } else { nil }
        }
    }

    private let bytes: UnsafeRawBufferPointer
    private let source: String
    private let item: String?
    private var position = 0

    /// - Parameters:
    ///   - bytes: The message, which must outlive the reader.
    ///   - source: The file, for error messages.
    ///   - item: The message's name in it, for error messages.
    init(_ bytes: UnsafeRawBufferPointer, source: String, item: String? = nil) {
        self.bytes = bytes
        self.source = source
        self.item = item
    }

    /// The next field; nil behind the last.
    ///
    /// - Throws: `TokenizerError` where the bytes are not a message.
    mutating func next() throws(TokenizerError) -> (number: Int, value: Value)? {
        guard position < bytes.count else { return nil }
        let tag = try varint()
        guard tag >> 3 >= 1, tag >> 3 < 1 << 29 else { throw fault("a field has no number") }
        return (Int(tag >> 3), try value(ofType: tag & 7))
    }

    func fault(_ reason: String) -> TokenizerError {
        TokenizerError(source: source, item: item, reason: reason)
    }

    private mutating func value(ofType type: UInt64) throws(TokenizerError) -> Value {
        switch type {
        case 0: return .integer(try varint())
        case 1: return .fixed64(UInt64(littleEndian: try take(8).loadUnaligned(as: UInt64.self)))
        case 2:
            let count = try varint()
            return .bytes(try take(Int(exactly: count) ?? .max))
        case 5: return .fixed32(UInt32(littleEndian: try take(4).loadUnaligned(as: UInt32.self)))
        default: throw fault("byte \(position) is not one of a SentencePiece model")
        }
    }

    /// Seven bits a byte, the lowest first, at most ten bytes.
    private mutating func varint() throws(TokenizerError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 70, by: 7) {
            let byte = try take(1)[0]
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte & 0x80 == 0 { return value }
        }
        throw fault("a number is longer than ten bytes")
    }

    private mutating func take(_ count: Int) throws(TokenizerError) -> UnsafeRawBufferPointer {
        guard count <= bytes.count - position else { throw fault("the file ends inside it") }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }
}
