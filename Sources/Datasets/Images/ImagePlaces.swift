import Answers
import Records

extension Turns {
    /// The same with a place for each image, `ImageReference.placeholder`.
    ///
    /// Places are what is written as `<image>`, an image part, or U+FFFC. Without any the images
    /// stand before the first words of the user, as in TRL. LLaVA's line break between `<image>`
    /// and the words is dropped: chat templates put what the model is used to.
    ///
    /// - Parameter images: the number of images; without images `<image>` within words is text.
    /// - Throws: `RecordFault.imagePlaces` when there are fewer places or more.
    public func placing(images: Int) throws(RecordFault) -> Turns {
        switch self {
        case .messages(let messages): return .messages(try messages.placing(images: images))
        case .text(let text): return .text(try text.placing(images: images))
        }
    }

    /// - Parameter images: the record's; without any `<image>` is text.
    /// - Throws: `RecordFault.imageInAnswer` when there is a place for an image.
    func withoutImagePlaces(images: Int) throws(RecordFault) -> Turns {
        let texts =
            switch self {
            case .text(let text): [text]
            case .messages(let messages): messages.map(\.content)
            }
        let marked = images > 0 ? texts.map(\.withImageMarks) : texts
        guard marked.allSatisfy({ $0.imagePlaces == 0 }) else { throw .imageInAnswer }
        return self
    }
}

extension [Message] {
    /// The same with a place for each image, as in a text: see `Turns.placing(images:)`.
    ///
    /// - Throws: `RecordFault.imagePlaces` when there are fewer places or more, or there is no
    ///   user before whose words images could stand; `.imageInAnswer` for one in an assistant's
    ///   turn.
    public func placing(images: Int) throws(RecordFault) -> [Message] {
        var messages = self
        if images > 0 {
            for index in messages.indices {
                messages[index].content = messages[index].content.withImageMarks
            }
        }
        guard messages.allSatisfy({ $0.role != "assistant" || $0.content.imagePlaces == 0 }) else {
            throw .imageInAnswer
        }
        if images == 0, messages.contains(where: \.content.isMarkedForImage) {
            throw .imagePlaces(1, images: 0)
        }
        let places = messages.reduce(0) { $0 + $1.content.imagePlaces }
        if places == 0, images > 0, let first = messages.firstIndex(where: { $0.role == "user" }) {
            messages[first].content = .places(images) + messages[first].content
            return messages
        }
        guard places == images else { throw .imagePlaces(places, images: images) }
        return messages
    }
}

extension String {
    /// The same with a place for each image: see `Turns.placing(images:)`.
    func placing(images: Int) throws(RecordFault) -> String {
        if images == 0, isMarkedForImage { throw .imagePlaces(1, images: 0) }
        let marked = images > 0 ? withImageMarks : self
        let places = marked.imagePlaces
        if places == 0 { return .places(images) + marked }
        guard places == images else { throw .imagePlaces(places, images: images) }
        return marked
    }

    fileprivate static func places(_ count: Int) -> String {
        String(repeating: ImageReference.placeholder, count: count)
    }

    /// Places for images. Scalars are counted: a place may have a combining mark behind it.
    fileprivate var imagePlaces: Int {
        let place = ImageReference.placeholder.unicodeScalars.first
        return unicodeScalars.count { $0 == place }
    }

    /// The words alone.
    var withoutImages: String {
        withImageMarks.replacing(String(ImageReference.placeholder), with: "").trimmed
    }

    /// Whether `<image>` stands in it as data sets write it for an image: at either end, on a line
    /// of its own.
    fileprivate var isMarkedForImage: Bool {
        self == "<image>" || hasPrefix("<image>\n") || hasPrefix("<image>\r\n")
            || hasSuffix("\n<image>")
    }

    /// With a place for each `<image>`.
    fileprivate var withImageMarks: String {
        guard contains("<image>") else { return self }
        let place = String(ImageReference.placeholder)
        var text = self
        for mark in ["<image>\r\n", "<image>\n", "<image>"] {
            text = text.replacing(mark, with: place)
        }
        for end in ["\r\n", "\n"] where text.hasSuffix(end + place) {
            text = String(text.dropLast(2)) + place
        }
        return text
    }
}
