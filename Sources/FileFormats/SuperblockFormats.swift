// Superblocks of 256 elements ("K-quants"), whose sub-blocks have scales of their own.

/// `block_q4_K`: d, dmin (binary16), 8 scales and 8 minimums of 6 bits, 128 bytes of nibbles;
/// (d * scale) * q - dmin * minimum.
///
/// Each run of 32 bytes holds 64 elements: the low halves of sub-block 2i, the high ones of 2i+1.
enum SuperblockQ4: BlockFormat {
    static let size = 256
    static let byteCount = 144

    @inline(__always)
    static func decode<Output: BlockOutput>(
        _ block: UnsafeRawPointer,
        into output: UnsafeMutablePointer<Output>
    ) {
        let scales = SubblockScales(block)
        for run in 0..<4 {
            let (low, high) = (scales[2 * run], scales[2 * run + 1])
            for half in 0..<2 {
                let quants = block.bytes(16 + 32 * run + 16 * half)
                let target = output + 64 * run + 16 * half
                Output.store(quants.lowNibbles.floats * low.d - low.m, to: target)
                Output.store(quants.highNibbles.floats * high.d - high.m, to: target + 32)
            }
        }
    }
}

/// `block_q5_K`: as `block_q4_K`, with 32 bytes between scales and nibbles whose bit s is the
/// fifth bit of the elements of sub-block s.
enum SuperblockQ5: BlockFormat {
    static let size = 256
    static let byteCount = 176

    @inline(__always)
    static func decode<Output: BlockOutput>(
        _ block: UnsafeRawPointer,
        into output: UnsafeMutablePointer<Output>
    ) {
        let scales = SubblockScales(block)
        for run in 0..<4 {
            let (low, high) = (scales[2 * run], scales[2 * run + 1])
            for half in 0..<2 {
                let fifth = block.bytes(16 + 16 * half) &>> UInt8(truncatingIfNeeded: 2 * run)
                let quants = block.bytes(48 + 32 * run + 16 * half)
                let target = output + 64 * run + 16 * half
                let lows = quants.lowNibbles | (fifth & 1) &<< 4
                let highs = quants.highNibbles | (fifth & 2) &<< 3
                Output.store(lows.floats * low.d - low.m, to: target)
                Output.store(highs.floats * high.d - high.m, to: target + 32)
            }
        }
    }
}

/// `block_q6_K`: 128 bytes with the low 4 bits, 64 bytes with the high 2 bits, 16 signed scales,
/// d (binary16); (d * scale) * (q - 32).
///
/// Each half of the superblock holds four runs of 32 elements, which share the bytes.
enum SuperblockQ6: BlockFormat {
    static let size = 256
    static let byteCount = 210

    @inline(__always)
    static func decode<Output: BlockOutput>(
        _ block: UnsafeRawPointer,
        into output: UnsafeMutablePointer<Output>
    ) {
        let d = block.half(208)
        for part in 0..<4 {
            let (half, column) = (part / 2, part % 2)
            let first = block.bytes(64 * half + 16 * column)
            let second = block.bytes(64 * half + 16 * column + 32)
            let high = block.bytes(128 + 32 * half + 16 * column)
            let scales = block + 192 + 8 * half + column
            let target = output + 128 * half + 16 * column
            store(first.lowNibbles | (high & 3) &<< 4, scales, d, to: target)
            store(second.lowNibbles | (high & 12) &<< 2, scales + 2, d, to: target + 32)
            store(first.highNibbles | high & 48, scales + 4, d, to: target + 64)
            store(second.highNibbles | (high & 192) &>> 2, scales + 6, d, to: target + 96)
        }
    }

    @inline(__always)
    private static func store<Output: BlockOutput>(
        _ quants: SIMD16<UInt8>,
        _ scale: UnsafeRawPointer,
        _ d: Float,
        to output: UnsafeMutablePointer<Output>
    ) {
        Output.store((quants.floats - 32) * (d * Float(scale.load(as: Int8.self))), to: output)
    }
}

/// The scales and minimums of the sub-blocks of `block_q4_K` and `block_q5_K`
/// (`get_scale_min_k4` of `ggml-quants.c`).
private struct SubblockScales {
    private let d: Float
    private let minimum: Float
    private let packed: UnsafeRawPointer

    @inline(__always)
    init(_ block: UnsafeRawPointer) {
        d = block.half(0)
        minimum = block.half(2)
        packed = block + 4
    }

    @inline(__always)
    subscript(index: Int) -> (d: Float, m: Float) {
        let (scale, offset) = index < 4 ? first(index) : last(index)
        return (d * Float(scale), minimum * Float(offset))
    }

    @inline(__always)
    private func first(_ index: Int) -> (UInt8, UInt8) {
        (byte(index) & 63, byte(index + 4) & 63)
    }

    /// Low 4 bits from the third group of bytes, high 2 bits from the first and the second.
    @inline(__always)
    private func last(_ index: Int) -> (UInt8, UInt8) {
        let low = byte(index + 4)
        return (low & 15 | (byte(index - 4) & 192) >> 2, low >> 4 | (byte(index) & 192) >> 2)
    }

    @inline(__always)
    private func byte(_ offset: Int) -> UInt8 {
        packed.load(fromByteOffset: offset, as: UInt8.self)
    }
}
