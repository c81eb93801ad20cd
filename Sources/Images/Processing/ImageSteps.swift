/// What a processor does to an image, in order: pad, resize, crop, rescale, normalise, cut into
/// patches. Each is left out where it is nil or false.
package struct ImageSteps: Sendable, Hashable {
    /// The colour of the sides that make a square of it first (LLaVA's `do_pad`).
    package var padding: [UInt8]?
    package var resize: Resize?
    package var filter = ResampleFilter.bicubic
    /// The part from the middle; black where the image is smaller.
    package var crop: ImageSize?
    /// What a byte is multiplied with, 1/255.
    package var rescale: Double?
    /// Of red, green and blue, after rescaling.
    package var normalize: Normalization?
    package var patches: Patches?

    /// How the size follows from that of the image.
    package enum Resize: Sendable, Hashable {
        case exact(ImageSize)
        /// The shorter side becomes `edge`; the longer at most `longest`.
        case shortestEdge(Int, longest: Int?)
        /// Sides divisible by `factor`, pixels between the bounds, the shape kept as far as
        /// possible (Qwen2-VL's `smart_resize`).
        case within(pixels: PixelBounds, factor: Int)
    }

    package struct PixelBounds: Sendable, Hashable {
        package var least: Int
        package var most: Int
    }

    package struct Normalization: Sendable, Hashable {
        package var mean: [Double]
        package var deviation: [Double]
    }

    /// Qwen2-VL's: squares of `side` pixels, `merge` x `merge` of them side by side in the order,
    /// each repeated for `frames` moments.
    package struct Patches: Sendable, Hashable {
        package var side: Int
        package var merge: Int
        package var frames: Int
    }
}

extension ImageSteps {
    /// The size after resizing and before cropping.
    ///
    /// - Throws: `.unsupported` for an image 200 times as long as wide under `within`.
    package func resized(_ size: ImageSize) throws(ImageProblem) -> ImageSize {
        let square = max(size.width, size.height)
        let size = padding != nil ? ImageSize(width: square, height: square) : size
        switch resize {
        case nil: return size
        case .exact(let target): return target
        case .shortestEdge(let edge, nil): return Self.shortest(size, edge)
        case .shortestEdge(let edge, let longest?): return Self.bounded(size, edge, longest)
        case .within(let bounds, let factor): return try Self.smart(size, bounds, factor)
        }
    }

    /// The size that the model sees.
    ///
    /// - Throws: As `resized`.
    package func output(for size: ImageSize) throws(ImageProblem) -> ImageSize {
        let size = try resized(size)
        return crop ?? size
    }

    /// transformers' `get_resize_output_image_size`.
    private static func shortest(_ size: ImageSize, _ edge: Int) -> ImageSize {
        let (short, long) = (min(size.width, size.height), max(size.width, size.height))
        let other = Int(Double(edge * long) / Double(short))
        return size.width <= size.height
            ? ImageSize(width: edge, height: other) : ImageSize(width: other, height: edge)
    }

    /// transformers' `get_size_with_aspect_ratio`.
    private static func bounded(_ size: ImageSize, _ edge: Int, _ longest: Int) -> ImageSize {
        let (short, long) = (min(size.width, size.height), max(size.width, size.height))
        var (edge, exact) = (edge, Double?.none)
        if Double(long) / Double(short) * Double(edge) > Double(longest) {
            let value = Double(longest * short) / Double(long)
            (edge, exact) = (Int(value.rounded(.toNearestOrEven)), value)
        }
        if short == edge { return size }
        let other =
            exact.map { Int($0 * Double(long) / Double(short)) }
            ?? Int(Double(edge * long) / Double(short))
        return size.width < size.height
            ? ImageSize(width: edge, height: other) : ImageSize(width: other, height: edge)
    }

    /// Qwen2-VL's `smart_resize`; halves are rounded to even, as Python does.
    private static func smart(
        _ size: ImageSize, _ bounds: PixelBounds, _ factor: Int
    ) throws(ImageProblem) -> ImageSize {
        let (width, height, step) = (Double(size.width), Double(size.height), Double(factor))
        guard max(width, height) / min(width, height) <= 200 else {
            throw .unsupported("\(size) pixels, one side more than 200 times the other")
        }
        func sides(_ rule: FloatingPointRoundingRule, _ scale: (Double) -> Double) -> ImageSize {
            ImageSize(
                width: Int((scale(width) / step).rounded(rule)) * factor,
                height: Int((scale(height) / step).rounded(rule)) * factor)
        }
        let near = sides(.toNearestOrEven) { $0 }
        if near.count > bounds.most {
            let beta = (height * width / Double(bounds.most)).squareRoot()
            let less = sides(.down) { $0 / beta }
            return ImageSize(width: max(factor, less.width), height: max(factor, less.height))
        }
        if near.count < bounds.least {
            let beta = (Double(bounds.least) / (height * width)).squareRoot()
            return sides(.up) { $0 * beta }
        }
        return near
    }
}
