import CImages

/// Decodes a compressed frame: lossy 8-bit JPEG with libjpeg-turbo, the others with GDCM.
enum DicomCodec {
    /// Values [H, W, samples].
    ///
    /// GDCM believes the header and ends the process where the code stream disagrees with it, so
    /// both are compared first.
    static func decode(_ stream: [UInt8], _ image: DicomImage) throws(ImageProblem) -> [UInt16] {
        let code = try CodeStream(stream)
        guard code.size == image.size else {
            throw .corrupt("a frame of \(code.size) pixels where \(image.size) are declared")
        }
        guard code.samples == image.samples else {
            throw .corrupt("\(code.samples) samples a pixel where \(image.samples) are declared")
        }
        guard (2...16).contains(code.precision), code.precision <= image.bitsAllocated else {
            throw .corrupt("\(code.precision) bits where \(image.bitsAllocated) are declared")
        }
        if code.kind == .jpeg && code.precision == 8 {
            return try baseline(stream, image).map(UInt16.init)
        }
        return try byGDCM(code)
    }

    /// Colour arrives as RGB: markers of the stream decide, and the header where there are none.
    private static func baseline(
        _ stream: [UInt8], _ image: DicomImage
    ) throws(ImageProblem) -> [UInt8] {
        let count = image.size.count * image.samples
        let isPlain: Int32 = image.photometric == .rgb ? 1 : 0
        return try Codec.fill(count) { output, message in
            stream.withUnsafeBufferPointer { input in
                ci_jpeg_decode(
                    input.baseAddress, input.count, Int32(image.size.width),
                    Int32(image.size.height), Int32(image.samples), isPlain, output.baseAddress,
                    output.count, message)
            }
        }
    }

    private static func byGDCM(_ code: CodeStream) throws(ImageProblem) -> [UInt16] {
        let width = code.precision <= 8 ? 1 : 2
        var frame = ci_dicom_frame(
            codec: code.codec, width: Int32(code.size.width), height: Int32(code.size.height),
            samples: Int32(code.samples), bits_allocated: Int32(8 * width),
            bits_stored: Int32(code.precision), is_signed: 0)
        let count = code.size.count * code.samples
        let bytes = try Codec.fill(count * width) { output, message in
            code.bytes.withUnsafeBufferPointer { input in
                ci_dicom_decode(
                    input.baseAddress, input.count, &frame, output.baseAddress, output.count,
                    message)
            }
        }
        if width == 1 { return bytes.map(UInt16.init) }
        return bytes.withUnsafeBytes { Array($0.bindMemory(to: UInt16.self)) }
    }
}

extension CodeStream {
    fileprivate var codec: ci_dicom_codec {
        switch kind {
        case .jpeg, .jpegLossless: CI_DICOM_JPEG
        case .jpegLS: CI_DICOM_JPEG_LS
        case .jpeg2000: CI_DICOM_JPEG_2000
        }
    }
}
