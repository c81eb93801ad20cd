/// What can be said about an image, and nothing about whom it shows.
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
    package var dicom: DicomFacts?

    /// Without decoding it.
    ///
    /// - Parameter frame: Of a DICOM file, from 0.
    /// - Throws: Whatever is wrong with the file or its header.
    package init(
        of path: String, frame: Int = 0, limits: ImageLimits = .standard
    ) throws(ImageError) {
        self = try ImageProblem.named(path) { () throws(ImageProblem) in
            let file = try OpenFile(path, limits: limits)
            let format = try ImageFormat(of: file.bytes(upTo: ImageFormat.needed))
            guard format != .dicom else {
                let facts = try DicomReader(limits).facts(of: file, frame: frame)
                return ImageFacts(facts, fileBytes: file.count)
            }
            return try ImageFacts(picture: file.bytes(), format)
        }
    }

    /// What rendering the file's first frame tells: which values are shown, too.
    ///
    /// - Throws: What `ImageFile.show` throws.
    package init(
        shown path: String, limits: ImageLimits = .standard
    ) throws(ImageError) {
        self = try ImageFacts(of: path, limits: limits)
        dicom = try ImageFile.show(path, limits: limits).dicom
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

    private init(_ facts: DicomFacts, fileBytes: Int) {
        format = ImageFormat.dicom.rawValue
        self.fileBytes = fileBytes
        (width, height) = (facts.width, facts.height)
        (channels, bitsPerChannel) = (facts.samples, facts.bitsStored)
        (frames, orientation) = (facts.frames, 1)
        dicom = facts
    }
}
