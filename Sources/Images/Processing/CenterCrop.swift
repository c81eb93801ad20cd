/// The middle of a resized image, as transformers' `center_crop`. Only what is kept of the resized
/// image is computed, so that a line of pixels does not become an image of billions.
struct CenterCrop {
    /// Of the resized image, kept.
    let columns: Range<Int>
    let rows: Range<Int>
    /// Where it lies in the output; what remains is black.
    let left: Int
    let top: Int
    let resized: ImageSize
    let size: ImageSize

    init(of resized: ImageSize, to size: ImageSize) {
        self.resized = resized
        self.size = size
        // Both sides are padded as soon as one is too short, the longer by nothing.
        (columns, left) = Self.overlap(resized.width, size.width)
        (rows, top) = Self.overlap(resized.height, size.height)
    }

    /// (kept, margin before it)
    private static func overlap(_ whole: Int, _ part: Int) -> (Range<Int>, Int) {
        guard part > whole else {
            let start = (whole - part) / 2
            return (start..<(start + part), 0)
        }
        // The margin is ceil((part - whole) / 2), and the crop begins at floor((whole - part) / 2)
        // before it: together 0 for the padded image.
        return (0..<whole, (part - whole + 1) / 2)
    }

    func apply(to image: RGBImage, filter: ResampleFilter) -> RGBImage {
        let kept = Resampler.resize(image, to: resized, filter: filter, part: (columns, rows))
        if kept.size == size { return kept }
        return Square.placed(kept, in: size, left: left, top: top, colour: [0, 0, 0])
    }
}

/// Images on a ground of one colour.
enum Square {
    /// The image in the middle of a square of its longer side (LLaVA's `pad_to_square`).
    static func padded(_ image: RGBImage, colour: [UInt8]) -> RGBImage {
        let side = max(image.width, image.height)
        return placed(
            image, in: ImageSize(width: side, height: side), left: (side - image.width) / 2,
            top: (side - image.height) / 2, colour: colour)
    }

    static func placed(
        _ image: RGBImage, in size: ImageSize, left: Int, top: Int, colour: [UInt8]
    ) -> RGBImage {
        let line = (0..<size.width).flatMap { _ in colour }
        var pixels = (0..<size.height).flatMap { _ in line }
        for row in 0..<image.height {
            let start = ((top + row) * size.width + left) * 3
            let from = row * image.width * 3
            pixels.replaceSubrange(
                start..<(start + image.width * 3),
                with: image.pixels[from..<(from + image.width * 3)])
        }
        return RGBImage(width: size.width, height: size.height, pixels: pixels)
    }
}
