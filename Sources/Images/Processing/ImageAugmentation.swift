import Randomness

/// Small random changes of training images that leave what they show: mirrored, cropped, lighter or
/// darker. The size stays, so that an image takes the tokens it always takes.
package struct ImageAugmentation: Sendable, Hashable {
    /// Chance that the image is mirrored, left to right.
    package var flip: Double
    /// Least share of the area that a crop keeps, in (0, 1]; the shape of the image is kept.
    package var crop: Double
    /// Most by which brightness and contrast change, each a factor from 1 - light to 1 + light.
    package var light: Double

    package init(flip: Double = 0, crop: Double = 1, light: Double = 0) {
        (self.flip, self.crop, self.light) = (flip, crop, light)
    }

    /// Whether every image stays as it is.
    package var isIdentity: Bool { flip == 0 && crop == 1 && light == 0 }

    /// The image changed by six draws from the stream, whatever is switched on.
    package func callAsFunction(_ image: RGBImage, _ random: inout RandomStream) -> RGBImage {
        let draws = (0..<6).map { _ in random.uniform() }
        var image = image
        if draws[0] < flip { image = image.mirrored }
        if crop < 1 {
            let side = (crop + (1 - crop) * draws[1]).squareRoot()
            image = image.cropped(side, left: draws[2], top: draws[3])
        }
        guard light > 0 else { return image }
        return image.lit(
            brightness: 1 + light * (2 * draws[4] - 1), contrast: 1 + light * (2 * draws[5] - 1))
    }
}

extension RGBImage {
    /// Left to right.
    package var mirrored: RGBImage {
        var result = pixels
        for row in 0..<height {
            let start = row * width
            for column in 0..<width {
                let (from, to) = ((start + column) * 3, (start + width - 1 - column) * 3)
                for channel in 0..<3 { result[to + channel] = pixels[from + channel] }
            }
        }
        return RGBImage(width: width, height: height, pixels: result)
    }

    /// A part with sides of that share, resized to the whole (Pillow's bicubic).
    ///
    /// - Parameters:
    ///   - left: where the part lies within what is left over, in [0, 1); as `top`.
    func cropped(_ share: Double, left: Double, top: Double) -> RGBImage {
        func part(_ whole: Int, _ place: Double) -> Range<Int> {
            let count = min(max(Int((Double(whole) * share).rounded()), 1), whole)
            let start = Int(Double(whole - count + 1) * place)
            return start..<(start + count)
        }
        let (columns, rows) = (part(width, left), part(height, top))
        let kept = RGBImage(
            width: columns.count, height: rows.count, pixels: Resampler.crop(self, columns, rows))
        return Resampler.resize(kept, to: size, filter: .bicubic)
    }

    /// Brightness multiplies every value; contrast moves them from the mean grey: torchvision's
    /// `adjust_brightness` and `adjust_contrast` of bytes.
    func lit(brightness: Double, contrast: Double) -> RGBImage {
        let bright = (0...255).map { min((Double($0) * brightness).rounded(.down), 255) }
        var grey = 0.0
        for pixel in stride(from: 0, to: pixels.count, by: 3) {
            let (red, green) = (bright[Int(pixels[pixel])], bright[Int(pixels[pixel + 1])])
            let blue = bright[Int(pixels[pixel + 2])]
            grey += (0.2989 * red + 0.587 * green + 0.114 * blue).rounded(.down)
        }
        let mean = grey / Double(width * height)
        let table = bright.map { UInt8(min(max(contrast * $0 + (1 - contrast) * mean, 0), 255)) }
        return RGBImage(width: width, height: height, pixels: pixels.map { table[Int($0)] })
    }
}
