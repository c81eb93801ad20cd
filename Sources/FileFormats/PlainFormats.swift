/// Groups of sixteen 32-bit floats.
enum PlainF32: BlockFormat {
    static let size = 16
    static let byteCount = 64

    @inline(__always)
    static func decode<Output: BlockOutput>(
        _ block: UnsafeRawPointer,
        into output: UnsafeMutablePointer<Output>
    ) {
        Output.store(block.loadUnaligned(as: SIMD16<Float>.self), to: output)
    }
}

/// Groups of sixteen binary16 floats.
enum PlainF16: BlockFormat {
    static let size = 16
    static let byteCount = 32

    @inline(__always)
    static func decode<Output: BlockOutput>(
        _ block: UnsafeRawPointer,
        into output: UnsafeMutablePointer<Output>
    ) {
        Output.store(
            HalfPrecision.floats(block.loadUnaligned(as: SIMD16<UInt16>.self)),
            to: output
        )
    }
}

/// Groups of sixteen bfloat16 floats.
enum PlainBF16: BlockFormat {
    static let size = 16
    static let byteCount = 32

    @inline(__always)
    static func decode<Output: BlockOutput>(
        _ block: UnsafeRawPointer,
        into output: UnsafeMutablePointer<Output>
    ) {
        let bits = SIMD16<UInt32>(truncatingIfNeeded: block.loadUnaligned(as: SIMD16<UInt16>.self))
        Output.store(unsafeBitCast(bits &<< 16, to: SIMD16<Float>.self), to: output)
    }
}
