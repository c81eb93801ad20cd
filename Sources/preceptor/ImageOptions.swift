import ArgumentParser
import Records

/// Images that stand in a prompt.
struct ImageOptions: ParsableArguments {
    @Option(help: "An image to ask about (PNG, JPEG, WebP, DICOM); may be given several times.")
    var image: [String] = []

    @Option(help: "Which frame of a DICOM file that has several, counted from 0.")
    var frame: Int?

    var references: [ImageReference] { image.map { ImageReference(path: $0, frame: frame) } }
}
