import Images

/// A map laid over the image it is of.
package enum Overlay {
    /// PNG of the two; the one that is larger is brought to the other's size.
    ///
    /// - Throws: `ImageProblem` for sides that PNG cannot hold.
    package static func png(_ image: RGBImage, _ map: PixelMap) throws(ImageProblem) -> [UInt8] {
        let size = ImageSize(
            width: min(image.width, map.width), height: min(image.height, map.height))
        let below = Resampler.resize(image, to: size, filter: .bilinear)
        return try PNGFile.bytes(
            of: Self.image(below, map.resized(width: size.width, height: size.height)))
    }

    /// The image in grey, coloured by the map: from nothing over orange to yellow, more opaque
    /// where the map is larger. The order of lightness shows it to people who see fewer colours.
    ///
    /// - Parameter map: from 0 to 1, of the image's size.
    static func image(_ image: RGBImage, _ map: PixelMap) -> RGBImage {
        precondition(map.width == image.width && map.height == image.height, "another size")
        var pixels = image.pixels
        for place in map.values.indices {
            let (red, green, blue) = (
                Float(pixels[3 * place]), Float(pixels[3 * place + 1]), Float(pixels[3 * place + 2])
            )
            // Rec. 601's luma.
            let grey = 0.299 * red + 0.587 * green + 0.114 * blue
            let value = map.values[place]
            let colour = colour(value)
            for channel in 0..<3 {
                let mixed = grey + (colour[channel] - grey) * (0.75 * value)
                pixels[3 * place + channel] = UInt8(max(0, min(255, mixed.rounded())))
            }
        }
        return RGBImage(width: image.width, height: image.height, pixels: pixels)
    }

    private static func colour(_ value: Float) -> SIMD3<Float> {
        let (low, middle, high) = (
            SIMD3<Float>(90, 20, 110), SIMD3<Float>(230, 90, 20), SIMD3<Float>(252, 240, 120)
        )
        return value < 0.5
            ? low + (middle - low) * (2 * value) : middle + (high - middle) * (2 * value - 1)
    }
}
