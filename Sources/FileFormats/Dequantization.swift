extension GGMLType {
    /// Decodes whole blocks into `Float`, on all cores.
    ///
    /// - Parameters:
    ///   - source: Blocks of this type, at any address.
    ///   - destination: `blockSize` elements for every `blockByteCount` bytes of `source`.
    public func dequantize(
        from source: UnsafeRawBufferPointer,
        into destination: UnsafeMutableBufferPointer<Float>
    ) {
        decode(source, destination)
    }

    /// Decodes whole blocks into bfloat16 bit patterns, rounded to nearest even, on all cores.
    ///
    /// - Parameters:
    ///   - source: Blocks of this type, at any address.
    ///   - destination: `blockSize` elements for every `blockByteCount` bytes of `source`.
    public func dequantize(
        from source: UnsafeRawBufferPointer,
        into destination: UnsafeMutableBufferPointer<UInt16>
    ) {
        decode(source, destination)
    }

    @inline(__always)
    private func decode<Output: BlockOutput>(
        _ source: UnsafeRawBufferPointer,
        _ destination: UnsafeMutableBufferPointer<Output>
    ) {
        let blocks = destination.count / blockSize
        precondition(
            destination.count == blocks * blockSize && source.count == blocks * blockByteCount,
            "\(name): \(source.count) bytes do not hold \(destination.count) elements"
        )
        switch self {
        case .f32: BlockDecoder<PlainF32, Output>.decode(source, destination)
        case .f16: BlockDecoder<PlainF16, Output>.decode(source, destination)
        case .bf16: BlockDecoder<PlainBF16, Output>.decode(source, destination)
        case .q4_0: BlockDecoder<BlockQ4Zero, Output>.decode(source, destination)
        case .q4_1: BlockDecoder<BlockQ4One, Output>.decode(source, destination)
        case .q5_0: BlockDecoder<BlockQ5Zero, Output>.decode(source, destination)
        case .q5_1: BlockDecoder<BlockQ5One, Output>.decode(source, destination)
        case .q8_0: BlockDecoder<BlockQ8Zero, Output>.decode(source, destination)
        case .q4_K: BlockDecoder<SuperblockQ4, Output>.decode(source, destination)
        case .q5_K: BlockDecoder<SuperblockQ5, Output>.decode(source, destination)
        case .q6_K: BlockDecoder<SuperblockQ6, Output>.decode(source, destination)
        }
    }
}
