import Records

/// Reads PNG, JPEG, WebP and DICOM; what a file is, its first bytes say, not its name.
///
/// PNG, JPEG and WebP come out as `transformers.image_utils.load_image` gives them: turned upright
/// as EXIF says, then Pillow's `convert("RGB")`, which drops transparency. DICOM comes out as a
/// screen shows it: see `Documentation/Images.md`.
package enum ImageFile {
    /// The size of the image upright. Reads the file, decodes nothing.
    ///
    /// - Throws: Whatever is wrong with the file or its header.
    package static func size(
        of reference: ImageReference, limits: ImageLimits = .standard
    ) throws(ImageError) -> ImageSize {
        try ImageProblem.named(reference.path) { () throws(ImageProblem) in
            let bytes = try ImageBytes.load(reference.path, limits: limits)
            let format = try ImageFormat(of: bytes)
            guard format == .dicom else {
                try requirePicture(frame: reference.frame, window: reference.window)
                let size = try storedSize(bytes, format, limits: limits)
                return OrientationSearch(bytes, format).orientation.apply(to: size)
            }
            let image = try DicomImage(DicomFile(bytes))
            try image.require(frame: reference.frame ?? 0)
            try limits.check(image.size, bytesPerPixel: image.samples * 2)
            return image.size
        }
    }

    /// The image, upright.
    ///
    /// - Throws: Whatever is wrong with the file; nothing that can be read in part is.
    package static func read(
        _ reference: ImageReference, limits: ImageLimits = .standard
    ) throws(ImageError) -> RGBImage {
        let path = reference.path
        let bytes = try ImageProblem.named(path) { () throws(ImageProblem) in
            try ImageBytes.load(path, limits: limits)
        }
        return try read(
            bytes: bytes, named: path, frame: reference.frame, window: reference.window,
            limits: limits)
    }

    /// The image in these bytes, which errors call by this name.
    package static func read(
        bytes: [UInt8], named name: String, frame: Int? = nil, window: ImageWindow? = nil,
        limits: ImageLimits = .standard
    ) throws(ImageError) -> RGBImage {
        try ImageProblem.named(name) { () throws(ImageProblem) in
            let format = try ImageFormat(of: bytes)
            guard format == .dicom else {
                try requirePicture(frame: frame, window: window)
                let size = try storedSize(bytes, format, limits: limits)
                let pixels = try Codec.pixels(of: bytes, format, size: size)
                let image = RGBImage(width: size.width, height: size.height, pixels: pixels)
                return OrientationSearch(bytes, format).orientation.apply(to: image)
            }
            return try DicomImage(DicomFile(bytes))
                .render(frame: frame ?? 0, window: window, limits: limits)
        }
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
        frame: Int?, window: ImageWindow?
    ) throws(ImageProblem) {
        guard frame ?? 0 == 0 else { throw .noFrame(frame ?? 0, count: 1) }
        guard window == nil else { throw .unsupported("a window, which only DICOM images have") }
    }
}

extension DicomImage {
    func require(frame: Int) throws(ImageProblem) {
        guard (0..<frames).contains(frame) else { throw .noFrame(frame, count: frames) }
    }
}
