/// The framing of TensorFlow's record files: each message between its length and checksums.
package enum TFRecord {
    /// The message's length, the checksum of that, the message, and its checksum.
    package static func frame(_ message: [UInt8]) -> [UInt8] {
        let length = UInt64(message.count).littleEndianBytes
        return length + masked(length).littleEndianBytes + message
            + masked(message).littleEndianBytes
    }

    /// The checksum rotated and shifted by a constant, so that a checksum of data that hold
    /// checksums is no weaker (LevelDB's log format).
    private static func masked(_ bytes: [UInt8]) -> UInt32 {
        let crc = crc32c(bytes)
        return ((crc >> 15) | (crc << 17)) &+ 0xA282_EAD8
    }

    /// The Castagnoli checksum (RFC 3720, appendix B.4).
    static func crc32c(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { crc, byte in
            table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ (crc >> 8)
        }
    }

    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { crc, _ in
            crc & 1 == 1 ? (crc >> 1) ^ 0x82F6_3B78 : crc >> 1
        }
    }
}
