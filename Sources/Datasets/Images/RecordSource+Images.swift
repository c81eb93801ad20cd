import Records

extension RecordSource {
    /// The record's images, in the order of their places.
    ///
    /// They are in a column, a path or a list of them, or in parts of turns that name their own;
    /// parts that do not take those of the column one by one. What the columns `frame` and
    /// `window` say holds for all images that do not say otherwise.
    ///
    /// - Parameter turns: columns with turns, of which the first that has image parts counts.
    /// - Throws: `RecordFault.imagesNotFound` with all that do not exist, `.unreadImages` where a
    ///   column that is not read seems to have the images, or what is wrong with the columns.
    func images(turns: [String] = []) throws(RecordFault) -> [ImageReference] {
        let written = try writtenImages(turns: turns)
        if written.isEmpty { return [] }
        try refuseOtherImages()
        let common = WrittenImage(value: .object(columns), column: written[0].column)
        let (frame, window) = (try common.frame(), try common.window())
        var (images, missing) = ([ImageReference](), [String]())
        for image in written {
            let place = try image.place()
            guard var reference = place.reference(in: folder) else {
                missing.append(place.name)
                continue
            }
            reference.frame = try image.frame() ?? frame
            reference.window = try image.window() ?? window
            images.append(reference)
        }
        guard missing.isEmpty else { throw .imagesNotFound(missing) }
        return images
    }

    /// Images as they are written; the files need not exist.
    ///
    /// - Throws: `RecordFault.unreadImages` where there are none and a column seems to have some.
    func writtenImages(turns: [String]) throws(RecordFault) -> [WrittenImage] {
        let listed = try listedImages()
        let parts = turns.lazy.map(imageParts).first { !$0.isEmpty } ?? []
        guard parts.contains(where: \.isNamed) else {
            if listed.isEmpty, let column = ImageColumns.unread(in: columns, named: folder.column) {
                throw .unreadImages(column: column)
            }
            return listed
        }
        var rest = listed[...]
        let images = parts.compactMap { $0.isNamed ? $0 : rest.popFirst() }
        guard rest.isEmpty, images.count == parts.count else {
            let named = parts.count(where: \.isNamed)
            throw .imagePlaces(parts.count, images: named + listed.count)
        }
        return images
    }

    /// The column that says which images there are.
    var imageColumn: String? { filledImageColumns.first }

    private var filledImageColumns: [String] {
        let named = [folder.column].compactMap { $0 }
        return (named + ImageColumns.read.filter { !named.contains($0) })
            .filter { columns[$0] != nil && columns[$0] != .array([]) }
    }

    /// The images of the column that has some.
    private func listedImages() throws(RecordFault) -> [WrittenImage] {
        guard let column = imageColumn, let value = columns[column] else { return [] }
        if column != folder.column, filledImageColumns.dropFirst().contains("images") {
            throw .ambiguousImages(columns: filledImageColumns)
        }
        return (value.array ?? [value]).map { WrittenImage(value: $0, column: column) }
    }

    private func imageParts(_ column: String) -> [WrittenImage] {
        (columns[column]?.array ?? []).flatMap { $0["content"]?.array ?? [] }
            .filter(\.isImagePart).map { WrittenImage(value: $0, column: column) }
    }

    /// MMedPO's pairs may be of a picture and a noisy copy of it, with one text.
    private func refuseOtherImages() throws(RecordFault) {
        let unset: [JSONValue?] = [nil, .null, .integer(0), .bool(false), .string("")]
        for column in ["rejected_image", "rejected_noised", "chosen_noised"] {
            guard unset.contains(columns[column]) else { throw .otherImages(column: column) }
        }
    }
}

extension JSONValue {
    /// Whether it is the part of a turn that stands for an image.
    var isImagePart: Bool { ["image", "image_url", "input_image"].contains(self["type"]?.string) }
}
