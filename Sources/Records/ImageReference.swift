/// An image that a record speaks of: where it lies, and what of the file is meant.
public struct ImageReference: Codable, Hashable, Sendable {
    /// The file, relative to the working folder or absolute; of an image that stands in the record
    /// itself, where it stands, for people.
    public var path: String
    /// Which frame of a file that has several, counted from 0; nil for the first.
    public var frame: Int?
    /// The grey values to show; nil for what the file itself asks for.
    public var window: ImageWindow?
    /// The image itself; nil for one in a file.
    public var embedded: EmbeddedImage?

    public init(
        path: String, frame: Int? = nil, window: ImageWindow? = nil,
        embedded: EmbeddedImage? = nil
    ) {
        self.path = path
        self.frame = frame
        self.window = window
        self.embedded = embedded
    }

    /// Where an image stands in a text: U+FFFC, Unicode's object replacement character.
    public static let placeholder: Character = "\u{FFFC}"
}

/// The part of a DICOM image's values that is spread from black to white (PS3.3 C.11.2).
public struct ImageWindow: Codable, Hashable, Sendable {
    /// In the units of the rescaled values, Hounsfield units in CT.
    public var center: Double
    public var width: Double

    public init(center: Double, width: Double) {
        self.center = center
        self.width = width
    }
}
