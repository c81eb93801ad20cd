/// How a stored image is turned to stand upright: the values of EXIF's tag 0x0112.
package enum Orientation: Int, Sendable {
    case upright = 1
    case mirrored, turned180, flipped, transposed, turned90, transversed, turned270

    /// Whether width and height change places.
    package var swapsSides: Bool { rawValue >= 5 }

    func apply(to size: ImageSize) -> ImageSize {
        swapsSides ? ImageSize(width: size.height, height: size.width) : size
    }

    /// The image upright, as Pillow's `ImageOps.exif_transpose`.
    func apply(to image: RGBImage) -> RGBImage {
        guard self != .upright else { return image }
        let size = apply(to: image.size)
        let (origin, column, row) = walk(width: image.width, height: image.height)
        let pixels = [UInt8](unsafeUninitializedCapacity: image.pixels.count) { output, filled in
            image.pixels.withUnsafeBufferPointer { input in
                for y in 0..<size.height {
                    for x in 0..<size.width {
                        let from = 3 * (origin + x * column + y * row)
                        let to = 3 * (y * size.width + x)
                        for channel in 0..<3 { output[to + channel] = input[from + channel] }
                    }
                }
            }
            filled = image.pixels.count
        }
        return RGBImage(width: size.width, height: size.height, pixels: pixels)
    }

    /// Where in the stored image the first pixel lies, and how far the next column and row are.
    private func walk(width: Int, height: Int) -> (origin: Int, column: Int, row: Int) {
        let (last, below) = (width * height - 1, width * (height - 1))
        return switch self {
        case .upright: (0, 1, width)
        case .mirrored: (width - 1, -1, width)
        case .turned180: (last, -1, -width)
        case .flipped: (below, 1, -width)
        case .transposed: (0, width, 1)
        case .turned90: (below, -width, 1)
        case .transversed: (last, -width, -1)
        case .turned270: (width - 1, width, -1)
        }
    }
}
