import CImages

/// Writes PNG, 8 bits a channel.
package enum PNGFile {
    /// - Throws: `.outOfMemory`, or `.corrupt` for sides that PNG cannot hold.
    package static func bytes(of image: RGBImage) throws(ImageProblem) -> [UInt8] {
        try bytes(of: image.pixels, width: image.width, height: image.height, channels: 3)
    }

    /// - Parameter pixels: [height, width, 4] of red, green, blue and opacity.
    /// - Precondition: `pixels` has that shape.
    package static func bytes(
        ofRGBA pixels: [UInt8], width: Int, height: Int
    ) throws(ImageProblem) -> [UInt8] {
        precondition(pixels.count == width * height * 4, "pixels have the shape [H, W, 4]")
        return try bytes(of: pixels, width: width, height: height, channels: 4)
    }

    /// The file appears whole or not at all.
    ///
    /// - Throws: `.exists`, `.unwritable`, and what `bytes(of:)` throws.
    package static func write(
        _ image: RGBImage, to path: String, overwrite: Bool
    ) throws(ImageError) {
        try ImageProblem.named(path) { () throws(ImageProblem) in
            try NewFile.write(bytes(of: image), to: path, overwrite: overwrite)
        }
    }

    private static func bytes(
        of pixels: [UInt8], width: Int, height: Int, channels: Int
    ) throws(ImageProblem) -> [UInt8] {
        var output: [UInt8] = []
        try Codec.call { message in
            withUnsafeMutablePointer(to: &output) { output in
                ci_png_encode(
                    pixels, pixels.count, Int32(width), Int32(height), Int32(channels), append,
                    output, message)
            }
        }
        return output
    }
}

/// The context is the array that grows.
private func append(
    context: UnsafeMutableRawPointer?, bytes: UnsafePointer<UInt8>?, count: Int
) -> Int32 {
    guard let output = context?.assumingMemoryBound(to: [UInt8].self) else { return 1 }
    output.pointee.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
    return 0
}
