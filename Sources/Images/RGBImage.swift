/// Width and height in pixels.
package struct ImageSize: Sendable, Hashable, CustomStringConvertible {
    package var width: Int
    package var height: Int

    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    package var description: String { "\(width) x \(height)" }

    var count: Int { width * height }
}

/// Eight bits of red, green and blue.
package struct RGBImage: Sendable, Hashable {
    package let width: Int
    package let height: Int
    /// [height, width, 3]
    package let pixels: [UInt8]

    /// - Precondition: `pixels` holds width x height x 3 bytes, at least one pixel.
    package init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0, "an image has pixels")
        precondition(pixels.count == width * height * 3, "pixels have the shape [H, W, 3]")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    package var size: ImageSize { ImageSize(width: width, height: height) }
}
