// Blocks of 32 elements: a scale d, for some a minimum m, and the quants.
// Nibbles: the low halves of 16 bytes are elements 0..<16, the high halves elements 16..<32.

/// `block_q4_0`: d (binary16), 16 bytes of nibbles; d * (q - 8).
enum BlockQ4Zero: BlockFormat {
    static let size = 32
    static let byteCount = 18

    @inline(__always)
    static func decode<Output: BlockOutput>(
        _ block: UnsafeRawPointer,
        into output: UnsafeMutablePointer<Output>
    ) {
        let (d, quants) = (block.half(0), block.bytes(2))
        Output.store((quants.lowNibbles.floats - 8) * d, to: output)
        Output.store((quants.highNibbles.floats - 8) * d, to: output + 16)
    }
}

/// `block_q4_1`: d, m (binary16), 16 bytes of nibbles; d * q + m.
enum BlockQ4One: BlockFormat {
    static let size = 32
    static let byteCount = 20

    @inline(__always)
    static func decode<Output: BlockOutput>(
        _ block: UnsafeRawPointer,
        into output: UnsafeMutablePointer<Output>
    ) {
        let (d, m, quants) = (block.half(0), block.half(2), block.bytes(4))
        Output.store(quants.lowNibbles.floats * d + m, to: output)
        Output.store(quants.highNibbles.floats * d + m, to: output + 16)
    }
}

/// `block_q5_0`: d (binary16), 32 fifth bits, 16 bytes of nibbles; d * (q - 16).
enum BlockQ5Zero: BlockFormat {
    static let size = 32
    static let byteCount = 22

    @inline(__always)
    static func decode<Output: BlockOutput>(
        _ block: UnsafeRawPointer,
        into output: UnsafeMutablePointer<Output>
    ) {
        let (d, quants) = (block.half(0), block.bytes(6))
        let (low, high) = (FifthBits.load(block + 2), FifthBits.load(block + 4))
        Output.store(((quants.lowNibbles | low).floats - 16) * d, to: output)
        Output.store(((quants.highNibbles | high).floats - 16) * d, to: output + 16)
    }
}

/// `block_q5_1`: d, m (binary16), 32 fifth bits, 16 bytes of nibbles; d * q + m.
enum BlockQ5One: BlockFormat {
    static let size = 32
    static let byteCount = 24

    @inline(__always)
    static func decode<Output: BlockOutput>(
        _ block: UnsafeRawPointer,
        into output: UnsafeMutablePointer<Output>
    ) {
        let (d, m, quants) = (block.half(0), block.half(2), block.bytes(8))
        let (low, high) = (FifthBits.load(block + 4), FifthBits.load(block + 6))
        Output.store((quants.lowNibbles | low).floats * d + m, to: output)
        Output.store((quants.highNibbles | high).floats * d + m, to: output + 16)
    }
}

/// `block_q8_0`: d (binary16), 32 signed bytes; d * q.
enum BlockQ8Zero: BlockFormat {
    static let size = 32
    static let byteCount = 34

    @inline(__always)
    static func decode<Output: BlockOutput>(
        _ block: UnsafeRawPointer,
        into output: UnsafeMutablePointer<Output>
    ) {
        let d = block.half(0)
        Output.store(floats(block.bytes(2)) * d, to: output)
        Output.store(floats(block.bytes(18)) * d, to: output + 16)
    }

    @inline(__always)
    private static func floats(_ bytes: SIMD16<UInt8>) -> SIMD16<Float> {
        let signed = unsafeBitCast(bytes, to: SIMD16<Int8>.self)
        return SIMD16<Float>(SIMD16<Int32>(truncatingIfNeeded: signed))
    }
}

/// The fifth bits of quants, packed eight to a byte, lowest first.
private enum FifthBits {
    /// 16 where the bit of an element is set, from two bytes.
    @inline(__always)
    static func load(_ pointer: UnsafeRawPointer) -> SIMD16<UInt8> {
        let first = SIMD8<UInt8>(repeating: pointer.load(as: UInt8.self))
        let second = SIMD8<UInt8>(repeating: pointer.load(fromByteOffset: 1, as: UInt8.self))
        let masks = SIMD8<UInt8>(1, 2, 4, 8, 16, 32, 64, 128)
        let bits = SIMD16(lowHalf: first & masks, highHalf: second & masks)
        // The top bit of x | -x says whether x has any bit.
        return (bits | (0 &- bits)) &>> 3 & 16
    }
}
