import Records

/// What a DICOM file says of a frame, and how it is shown; nothing about whom it shows.
package struct DicomFacts: Codable, Sendable, Hashable {
    package var transferSyntax: String
    package var photometric: String
    package var width: Int
    package var height: Int
    /// As stored.
    package var samples: Int
    package var bitsAllocated: Int
    package var bitsStored: Int
    package var isSigned: Bool
    package var frames: Int
    /// That this is about, from 0.
    package var frame: Int
    package var modality: String?
    /// From stored values to the device's own; nil for colours.
    package var modalityTransformation: Transformation?
    /// From those to grey values; nil for colours, and where only decoding the frame could tell.
    package var voi: Transformation?
    /// Overlay planes, which are not drawn.
    package var overlays: Int
    /// Whether there may be text in the pixels, and why.
    package var burnedInText: String?
    /// What the file holds or asks for and is not heeded.
    package var ignored: [String]

    /// A step of PS3.3 C.11: which numbers it takes, and where they come from.
    package struct Transformation: Codable, Sendable, Hashable {
        /// `none`, `rescale` or `table`; `LINEAR`, `LINEAR_EXACT`, `SIGMOID`, `table` or `range`.
        package var kind: String
        package var source: String?
        package var slope: Double?
        package var intercept: Double?
        package var center: Double?
        package var width: Double?
        /// Of `range`: black and white.
        package var low: Double?
        package var high: Double?
        /// Of a table.
        package var entries: Int?
    }

    /// The window that is shown; nil where it is no window.
    package var window: ImageWindow? {
        guard let center = voi?.center, let width = voi?.width else { return nil }
        return ImageWindow(center: center, width: width)
    }
}
