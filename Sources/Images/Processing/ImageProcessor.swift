import Records

/// Makes of an image what a vision tower was trained on, as transformers' processors with their
/// PIL backend do, to the last bit.
///
/// CLIPImageProcessor, LlavaImageProcessor, BitImageProcessor (DINOv2), SiglipImageProcessor and
/// Qwen2VLImageProcessor, read from `preprocessor_config.json`.
package struct ImageProcessor: Sendable, Hashable {
    package var steps: ImageSteps
    /// The side of a patch in pixels, in which `grid` is counted; 1 where no file says.
    package var patchSize: Int
    /// The largest image that may come out of the processor.
    package var limits = ImageLimits.standard
    /// The file that the settings were read from, for errors.
    package var source: String

    package init(steps: ImageSteps, patchSize: Int, source: String = "image processor") {
        self.steps = steps
        self.patchSize = patchSize
        self.source = source
    }

    /// How many pixels a resized image may have at most, where the processor resizes by number
    /// of pixels (Qwen2-VL); elsewhere nil, and setting it does nothing.
    package var maxPixels: Int? {
        get {
            if case .within(let bounds, _)? = steps.resize { bounds.most } else { nil }
        }
        set {
            guard case .within(var bounds, let factor)? = steps.resize, let newValue else { return }
            bounds.most = newValue
            steps.resize = .within(pixels: bounds, factor: factor)
        }
    }

    /// The size that the model sees of an image of this size; decodes nothing.
    ///
    /// - Throws: `.tooLarge`, `.unsupported` for a shape that the processor refuses.
    package func size(for size: ImageSize) throws(ImageError) -> ImageSize {
        try ImageProblem.named(source) { () throws(ImageProblem) in try checked(size) }
    }

    /// The patches that the model sees of an image of this size, before any are merged.
    ///
    /// - Throws: As `size(for:)`.
    package func grid(for size: ImageSize) throws(ImageError) -> ImageGrid {
        grid(try self.size(for: size))
    }

    /// - Throws: As `size(for:)`.
    package func process(_ image: RGBImage) throws(ImageError) -> PixelValues {
        try ImageProblem.named(source) { () throws(ImageProblem) in
            let output = try checked(image.size)
            let pixels = try geometry(image, output: output)
            let table = PixelTable(steps)
            guard let patches = steps.patches else {
                return PixelValues(
                    values: table.planes(pixels), shape: [3, output.height, output.width],
                    grid: grid(output))
            }
            let grid = grid(output)
            return PixelValues(
                values: table.patches(pixels, patches),
                shape: [grid.count, 3 * patches.frames * patches.side * patches.side], grid: grid)
        }
    }

    /// Padded, resized and cropped, still in bytes: what the model sees, to be looked at.
    ///
    /// - Throws: As `size(for:)`.
    package func preview(_ image: RGBImage) throws(ImageError) -> RGBImage {
        try ImageProblem.named(source) { () throws(ImageProblem) in
            try geometry(image, output: checked(image.size))
        }
    }

    private func checked(_ size: ImageSize) throws(ImageProblem) -> ImageSize {
        let output = try steps.output(for: size)
        guard output.width > 0, output.height > 0 else {
            throw .unsupported("\(size) pixels, of which the processor leaves none")
        }
        try limits.check(output, bytesPerPixel: 3 * MemoryLayout<Float>.size)
        return output
    }

    private func grid(_ size: ImageSize) -> ImageGrid {
        ImageGrid(height: size.height / patchSize, width: size.width / patchSize)
    }

    private func geometry(
        _ image: RGBImage, output: ImageSize
    ) throws(ImageProblem) -> RGBImage {
        let resized = try steps.resized(image.size)
        let square = try squared(image)
        guard let crop = steps.crop else {
            return Resampler.resize(square, to: resized, filter: steps.filter)
        }
        return CenterCrop(of: resized, to: crop).apply(to: square, filter: steps.filter)
    }

    private func squared(_ image: RGBImage) throws(ImageProblem) -> RGBImage {
        guard let colour = steps.padding, image.width != image.height else { return image }
        let side = max(image.width, image.height)
        try limits.check(ImageSize(width: side, height: side))
        return Square.padded(image, colour: colour)
    }
}
