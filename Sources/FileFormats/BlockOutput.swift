/// An element that blocks are decoded to: `Float`, or a bfloat16 bit pattern.
protocol BlockOutput: Sendable {
    /// Stores sixteen values from `pointer` on.
    static func store(_ values: SIMD16<Float>, to pointer: UnsafeMutablePointer<Self>)
}

extension Float: BlockOutput {
    @inline(__always)
    static func store(_ values: SIMD16<Float>, to pointer: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(pointer).storeBytes(of: values, as: SIMD16<Float>.self)
    }
}

extension UInt16: BlockOutput {
    @inline(__always)
    static func store(_ values: SIMD16<Float>, to pointer: UnsafeMutablePointer<UInt16>) {
        UnsafeMutableRawPointer(pointer).storeBytes(
            of: HalfPrecision.bfloat16(values),
            as: SIMD16<UInt16>.self
        )
    }
}
