/// IEEE 754 binary16 and bfloat16 by their bits: `Float16` does not exist on every platform, and
/// without hardware support is a function call.
enum HalfPrecision {
    /// The value of a binary16 bit pattern.
    @inline(__always)
    static func float(_ half: UInt16) -> Float {
        let magnitude = UInt32(half & 0x7FFF)
        var bits = (magnitude << 13) &+ 0x3800_0000
        if magnitude < 0x0400 {
            bits = (Float(magnitude) * 0x1p-24).bitPattern
        } else if magnitude >= 0x7C00 {
            bits &+= 0x3800_0000
        }
        return Float(bitPattern: bits | UInt32(half & 0x8000) << 16)
    }

    /// The values of sixteen binary16 bit patterns.
    @inline(__always)
    static func floats(_ halves: SIMD16<UInt16>) -> SIMD16<Float> {
        let wide = SIMD16<Int32>(truncatingIfNeeded: halves)
        let magnitude = wide & 0x7FFF
        let normal = (magnitude &<< 13) &+ 0x3800_0000 &+ (isLess(0x7BFF, magnitude) & 0x3800_0000)
        let tiny = unsafeBitCast(SIMD16<Float>(magnitude) * 0x1p-24, to: SIMD16<Int32>.self)
        let isTiny = isLess(magnitude, 0x0400)
        let bits = (tiny & isTiny) | (normal & ~isTiny) | (wide & 0x8000) &<< 16
        return unsafeBitCast(bits, to: SIMD16<Float>.self)
    }

    /// The nearest bfloat16 bit patterns, ties to even; a NaN stays one and becomes quiet.
    @inline(__always)
    static func bfloat16(_ values: SIMD16<Float>) -> SIMD16<UInt16> {
        let bits = unsafeBitCast(values, to: SIMD16<Int32>.self)
        let rounded = (bits &+ 0x7FFF &+ ((bits &>> 16) & 1)) &>> 16
        let isNaN = isLess(0x7F80_0000, bits & 0x7FFF_FFFF)
        let result = (rounded & ~isNaN) | ((bits &>> 16 | 64) & isNaN)
        return SIMD16<UInt16>(truncatingIfNeeded: result)
    }

    /// All bits set where `left < right`, both not negative: faster than a `SIMDMask`, which the
    /// compiler builds lane by lane.
    @inline(__always)
    private static func isLess(_ left: SIMD16<Int32>, _ right: SIMD16<Int32>) -> SIMD16<Int32> {
        (left &- right) &>> 31
    }

    @inline(__always)
    private static func isLess(_ left: SIMD16<Int32>, _ right: Int32) -> SIMD16<Int32> {
        isLess(left, SIMD16(repeating: right))
    }

    @inline(__always)
    private static func isLess(_ left: Int32, _ right: SIMD16<Int32>) -> SIMD16<Int32> {
        isLess(SIMD16(repeating: left), right)
    }
}
