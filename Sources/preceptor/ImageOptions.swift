import ArgumentParser
import Generation
import Records

/// Images that stand in a prompt.
struct ImageOptions: ParsableArguments {
    @Option(help: "An image to ask about (PNG, JPEG, WebP, DICOM); may be given several times.")
    var image: [String] = []

    @Option(help: "Which frame of a DICOM file that has several, counted from 0.")
    var frame: Int?

    func validate() throws { try NumberRange.require(frame, "--frame", 0...) }

    /// - Throws: `ValidationError` where the model reads no images; `ImageError` for the first
    ///   that cannot be read.
    func references(for model: LanguageModel) throws -> [ImageReference] {
        guard image.isEmpty || model.vision != nil else {
            throw ValidationError(
                "--image: the model reads no images; --model names one that does")
        }
        return try image.map { path in
            let reference = ImageReference(path: path, frame: frame)
            _ = try model.vision?.measuring.grid(of: reference)
            return reference
        }
    }
}
