import Records

extension RecordFault {
    /// What is wrong with a record's images; empty for other faults.
    var imageDescription: String {
        switch self {
        case .hasImages: "has images; the model reads no images"
        case .imagesNotFound(let paths):
            "there is no file " + paths.joined(separator: ", nor ")
        case .images(let faults): faults.map(\.description).joined(separator: "; ")
        case .ambiguousImages(let columns):
            "has images in more than one column (\(columns.joined(separator: ", "))): keep one"
        case .unreadImages(let column):
            "column `\(column)` seems to hold images and is not read; those that are: "
                + ImageColumns.read.joined(separator: ", ")
                + "; image_key (--image-key) names another"
        case .encodedImage(let column, let reason):
            "column `\(column)`: the image written out there \(reason)"
        case .imageInText(let column):
            "column `\(column)` has an image written out within a text: give it as an image part"
        case .otherImages(let column):
            "column `\(column)` asks for another image than the record's: "
                + "both answers of a pair are to the same images"
        case .imagePlaces(let places, let images):
            "has \(Self.counted(places, "place")) for images (<image>, an image part or U+FFFC) "
                + "and \(Self.counted(images, "image"))"
        case .imageTokens(let found, let images):
            "its text becomes \(Self.counted(found, "image token")) for "
                + "\(Self.counted(images, "image")): a word of it is spelled as that token, "
                + "or the chat template leaves images out"
        case .imageInAnswer: "has an image in an answer; models answer with text"
        default: ""
        }
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}
