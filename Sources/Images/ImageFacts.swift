import Records

/// What can be said about an image without decoding it, and nothing about whom it shows.
package struct ImageFacts: Sendable, Encodable {
    package var format: String
    package var fileBytes: Int
    /// Upright.
    package var width: Int
    package var height: Int
    /// As stored, transparency included.
    package var channels: Int
    package var bitsPerChannel: Int
    package var frames: Int
    /// EXIF's number; 1 is upright.
    package var orientation: Int
    package var dicom: Dicom?

    package struct Dicom: Sendable, Encodable {
        package var transferSyntax: String
        package var photometric: String
        package var modality: String?
        package var isSigned: Bool
        /// That the file asks for; the first of several.
        package var window: ImageWindow?
        /// Whether there may be text in the pixels, and why.
        package var burnedInText: String?
    }

    /// - Throws: Whatever is wrong with the file or its header.
    package init(
        of path: String, limits: ImageLimits = .standard
    ) throws(ImageError) {
        self = try ImageProblem.named(path) { () throws(ImageProblem) in
            let bytes = try ImageBytes.load(path, limits: limits)
            let format = try ImageFormat(of: bytes)
            return format == .dicom
                ? try ImageFacts(dicom: DicomImage(DicomFile(bytes)))
                : try ImageFacts(picture: bytes, format)
        }
    }

    private init(picture bytes: [UInt8], _ format: ImageFormat) throws(ImageProblem) {
        let header = try Codec.header(of: bytes, format)
        let orientation = OrientationSearch(bytes, format).orientation
        let size = orientation.apply(
            to: ImageSize(width: Int(header.width), height: Int(header.height)))
        self.format = format.rawValue
        fileBytes = bytes.count
        (width, height) = (size.width, size.height)
        (channels, bitsPerChannel) = (Int(header.channels), Int(header.bits))
        frames = Int(header.frames)
        self.orientation = orientation.rawValue
    }

    private init(dicom image: DicomImage) throws(ImageProblem) {
        format = ImageFormat.dicom.rawValue
        fileBytes = image.file.bytes.count
        (width, height) = (image.size.width, image.size.height)
        (channels, bitsPerChannel) = (image.samples, image.bitsStored)
        (frames, orientation) = (image.frames, 1)
        let center = image.number(0x1050, group: 0x9132, frame: 0)
        let extent = image.number(0x1051, group: 0x9132, frame: 0)
        dicom = Dicom(
            transferSyntax: image.file.syntax.name, photometric: image.photometric.rawValue,
            modality: BurnedInText.modality(of: image.file), isSigned: image.isSigned,
            window: center.flatMap { center in
                extent.map { ImageWindow(center: center, width: $0) }
            },
            burnedInText: BurnedInText.warning(about: image.file))
    }
}
