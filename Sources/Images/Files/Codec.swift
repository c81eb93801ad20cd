import CImages

/// The decoders of `CImages`, with sizes checked on both sides.
enum Codec {
    /// The header of a PNG, JPEG or WebP file.
    static func header(
        of bytes: [UInt8], _ format: ImageFormat
    ) throws(ImageProblem) -> ci_header {
        var header = ci_header()
        try call { message in
            bytes.withUnsafeBufferPointer { input in
                switch format {
                case .png: ci_png_header(input.baseAddress, input.count, &header, message)
                case .jpeg: ci_jpeg_header(input.baseAddress, input.count, &header, message)
                default: ci_webp_header(input.baseAddress, input.count, &header, message)
                }
            }
        }
        return header
    }

    /// RGB pixels [H, W, 3] of a PNG, JPEG or WebP file of this size, as stored.
    static func pixels(
        of bytes: [UInt8], _ format: ImageFormat, size: ImageSize
    ) throws(ImageProblem) -> [UInt8] {
        let (width, height) = (Int32(size.width), Int32(size.height))
        return try fill(size.count * 3) { output, message in
            bytes.withUnsafeBufferPointer { input in
                let (start, count) = (input.baseAddress, input.count)
                return switch format {
                case .png:
                    ci_png_decode(
                        start, count, width, height, output.baseAddress, output.count, message)
                case .jpeg:
                    ci_jpeg_decode(
                        start, count, width, height, output.baseAddress, output.count, message)
                default:
                    ci_webp_decode(
                        start, count, width, height, output.baseAddress, output.count, message)
                }
            }
        }
    }

    /// An array that a C call fills whole.
    static func fill(
        _ count: Int,
        _ body: (UnsafeMutableBufferPointer<UInt8>, UnsafeMutablePointer<CChar>) -> ci_status
    ) throws(ImageProblem) -> [UInt8] {
        var values: [UInt8] = []
        try call { message in
            var status = CI_OK
            values = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                status = body(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), message)
                filled = status == CI_OK ? count : 0
            }
            return status
        }
        return values
    }

    /// Makes an error of a status and its message.
    static func call(
        _ body: (UnsafeMutablePointer<CChar>) -> ci_status
    ) throws(ImageProblem) {
        let (status, text) = withUnsafeTemporaryAllocation(
            of: CChar.self, capacity: Int(CI_MESSAGE)
        ) { message -> (ci_status, String) in
            message.initialize(repeating: 0)
            guard let start = message.baseAddress else { return (CI_MEMORY, "") }
            let status = body(start)
            return (status, status == CI_OK ? "" : String(cString: start))
        }
        switch status {
        case CI_OK: return
        case CI_TRUNCATED: throw .truncated(text)
        case CI_UNSUPPORTED: throw .unsupported(text)
        case CI_MEMORY: throw .outOfMemory
        default: throw .corrupt(text)
        }
    }
}
