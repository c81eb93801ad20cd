import Records

/// Reads PNG, JPEG, WebP and DICOM; what a file is, its first bytes say, not its name.
///
/// PNG, JPEG and WebP come out as `transformers.image_utils.load_image` gives them: turned upright
/// as EXIF says, then Pillow's `convert("RGB")`, which drops transparency. DICOM comes out as a
/// screen shows it: see `Documentation/Images.md`.
package enum ImageFile {
    /// The size of the image upright. Decodes nothing.
    ///
    /// - Throws: Whatever is wrong with the file or its header.
    package static func size(
        of reference: ImageReference, limits: ImageLimits = .standard
    ) throws(ImageError) -> ImageSize {
        try ImageProblem.named(reference.path) { () throws(ImageProblem) in
            let file = try OpenFile(reference, limits: limits)
            let format = try ImageFormat(of: file.bytes(upTo: ImageFormat.needed))
            guard format != .dicom else {
                let facts = try DicomReader(limits).facts(of: file, frame: reference.frame ?? 0)
                return ImageSize(width: facts.width, height: facts.height)
            }
            try requirePicture(frame: reference.frame, ShownValues(reference.window))
            let bytes = try file.bytes()
            let size = try storedSize(bytes, format, limits: limits)
            return OrientationSearch(bytes, format).orientation.apply(to: size)
        }
    }

    /// The image, upright.
    ///
    /// - Throws: Whatever is wrong with the file; nothing that can be read in part is.
    package static func read(
        _ reference: ImageReference, limits: ImageLimits = .standard
    ) throws(ImageError) -> RGBImage {
        try ImageProblem.named(reference.path) { () throws(ImageProblem) in
            try show(
                OpenFile(reference, limits: limits), reference.frame,
                ShownValues(reference.window), limits
            ).image
        }
    }

    /// A frame as a model or a person is shown it, and for DICOM why it looks so.
    ///
    /// - Throws: What `read` throws.
    package static func show(
        _ path: String, frame: Int? = nil, _ values: ShownValues = .asTheFileAsks,
        limits: ImageLimits = .standard
    ) throws(ImageError) -> (image: RGBImage, dicom: DicomFacts?) {
        try ImageProblem.named(path) { () throws(ImageProblem) in
            try show(OpenFile(path, limits: limits), frame, values, limits)
        }
    }

    /// The image in these bytes, which errors call by this name.
    package static func read(
        bytes: [UInt8], named name: String, frame: Int? = nil, window: ImageWindow? = nil,
        limits: ImageLimits = .standard
    ) throws(ImageError) -> RGBImage {
        try ImageProblem.named(name) { () throws(ImageProblem) in
            let format = try ImageFormat(of: bytes)
            guard format != .dicom else {
                return try show(
                    OpenFile(holding: bytes), frame, ShownValues(window), limits
                ).image
            }
            try requirePicture(frame: frame, ShownValues(window))
            return try picture(bytes, format, limits: limits)
        }
    }

    private static func show(
        _ file: borrowing OpenFile, _ frame: Int?, _ values: ShownValues, _ limits: ImageLimits
    ) throws(ImageProblem) -> (image: RGBImage, dicom: DicomFacts?) {
        let format = try ImageFormat(of: file.bytes(upTo: ImageFormat.needed))
        guard format != .dicom else {
            let shown = try DicomReader(limits).render(file, frame: frame ?? 0, showing: values)
            return (shown.image, shown.facts)
        }
        try requirePicture(frame: frame, values)
        return (try picture(file.bytes(), format, limits: limits), nil)
    }

    private static func picture(
        _ bytes: [UInt8], _ format: ImageFormat, limits: ImageLimits
    ) throws(ImageProblem) -> RGBImage {
        let size = try storedSize(bytes, format, limits: limits)
        let pixels = try Codec.pixels(of: bytes, format, size: size)
        let image = RGBImage(width: size.width, height: size.height, pixels: pixels)
        return OrientationSearch(bytes, format).orientation.apply(to: image)
    }

    /// As the header declares it, within the limits.
    static func storedSize(
        _ bytes: [UInt8], _ format: ImageFormat, limits: ImageLimits
    ) throws(ImageProblem) -> ImageSize {
        let header = try Codec.header(of: bytes, format)
        let size = ImageSize(width: Int(header.width), height: Int(header.height))
        try limits.check(size)
        return size
    }

    /// Frames and windows belong to DICOM.
    private static func requirePicture(
        frame: Int?, _ values: ShownValues
    ) throws(ImageProblem) {
        guard frame ?? 0 == 0 else { throw .noFrame(frame ?? 0, count: 1) }
        if case .window = values { throw .unsupported("a window, which only DICOM images have") }
    }
}
