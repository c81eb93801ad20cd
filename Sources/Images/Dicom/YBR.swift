/// Luminance and colour differences (PS3.3 C.7.6.3.1.2, the inverse of YBR_FULL).
enum YBR {
    /// Pixels [.., 3] of Y, Cb, Cr as red, green, blue.
    static func rgb(_ pixels: [UInt8]) -> [UInt8] {
        var output = pixels
        for pixel in stride(from: 0, to: pixels.count - 2, by: 3) {
            let luma = Double(pixels[pixel])
            let blue = Double(pixels[pixel + 1]) - 128
            let red = Double(pixels[pixel + 2]) - 128
            output[pixel] = rounded(luma + 1.402 * red)
            output[pixel + 1] = rounded(
                luma - 0.114 * 1.772 / 0.587 * blue - 0.299 * 1.402 / 0.587 * red)
            output[pixel + 2] = rounded(luma + 1.772 * blue)
        }
        return output
    }

    private static func rounded(_ value: Double) -> UInt8 {
        UInt8(min(max((value + 0.5).rounded(.down), 0), 255))
    }
}
