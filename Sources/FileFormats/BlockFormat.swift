/// A layout of numbers in blocks; the layouts follow `ggml-common.h` and the decoding
/// `dequantize_row_*` of `ggml-quants.c`, in the same order of floating-point operations.
protocol BlockFormat: Sendable {
    /// Elements of one block, a multiple of 16.
    static var size: Int { get }
    /// Bytes of one block.
    static var byteCount: Int { get }
    /// Decodes one block into `size` elements.
    static func decode<Output: BlockOutput>(
        _ block: UnsafeRawPointer,
        into output: UnsafeMutablePointer<Output>
    )
}

extension UnsafeRawPointer {
    /// Sixteen bytes from any address.
    @inline(__always)
    func bytes(_ offset: Int) -> SIMD16<UInt8> {
        loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
    }

    /// A little-endian binary16 number.
    @inline(__always)
    func half(_ offset: Int) -> Float {
        HalfPrecision.float(
            UInt16(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self))
        )
    }
}

extension SIMD16<UInt8> {
    @inline(__always)
    var floats: SIMD16<Float> { SIMD16<Float>(SIMD16<Int32>(truncatingIfNeeded: self)) }

    @inline(__always)
    var lowNibbles: SIMD16<UInt8> { self & 15 }

    @inline(__always)
    var highNibbles: SIMD16<UInt8> { self &>> 4 }
}
