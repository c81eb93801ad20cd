import Records

/// The images of one record with the tokens each takes: what puts them among the ids of its text.
struct MeasuredImages {
    private let images: [(reference: ImageReference, grid: ImageGrid)]
    private let tokenID: Int32?

    /// Measures the images.
    ///
    /// - Throws: `RecordFault.hasImages` when the model reads none, `.images` with all that cannot
    ///   be used.
    init(_ references: [ImageReference], _ encoding: any TextEncoding) throws(RecordFault) {
        tokenID = encoding.imageTokenID
        guard !references.isEmpty else {
            images = []
            return
        }
        guard let measuring = encoding.measuring, tokenID != nil else { throw .hasImages }
        var (measured, faults) = ([(ImageReference, ImageGrid)](), [ImageFault]())
        for reference in references {
            do throws(ImageFault) {
                measured.append((reference, try measuring.grid(of: reference)))
            } catch {
                faults.append(error)
            }
        }
        guard faults.isEmpty else { throw .images(faults) }
        images = measured
    }

    /// A sequence in which every image has all of its tokens.
    struct Expansion {
        var tokenIDs: [Int32] = []
        /// Those of images are none.
        var labels: [Bool] = []
        var images: [PlacedImage] = []
    }

    /// Each image's single id made as long as the image.
    ///
    /// - Parameter labels: one an id.
    /// - Throws: `RecordFault.imageTokens` when there are not as many ids as images: the template
    ///   dropped some, or a text spells the id's token.
    func expanded(_ ids: [Int32], labels: [Bool]) throws(RecordFault) -> Expansion {
        let found = count(in: ids)
        guard found == images.count else { throw .imageTokens(found: found, images: images.count) }
        if images.isEmpty { return Expansion(tokenIDs: ids, labels: labels) }
        var (result, rest) = (Expansion(), images[...])
        for (id, label) in zip(ids, labels) {
            guard id == tokenID, let image = rest.popFirst() else {
                result.tokenIDs.append(id)
                result.labels.append(label)
                continue
            }
            result.images.append(
                PlacedImage(
                    reference: image.reference, start: result.tokenIDs.count, grid: image.grid))
            result.tokenIDs += repeatElement(id, count: image.grid.count)
            result.labels += repeatElement(false, count: image.grid.count)
        }
        return result
    }

    /// The same for ids of which none is a training target.
    func expanded(_ ids: some Collection<Int32>) throws(RecordFault) -> Expansion {
        try expanded(Array(ids), labels: Array(repeating: false, count: ids.count))
    }

    /// An answer without image tokens.
    ///
    /// - Throws: `RecordFault.imageInAnswer` when it has some.
    func answer(_ ids: some Collection<Int32>) throws(RecordFault) -> [Int32] {
        guard count(in: ids) == 0 else { throw .imageInAnswer }
        return Array(ids)
    }

    private func count(in ids: some Collection<Int32>) -> Int {
        guard let tokenID else { return 0 }
        return ids.count { $0 == tokenID }
    }
}

extension [PlacedImage] {
    /// Those of the first `length` rows.
    ///
    /// - Throws: `RecordFault.tooLong` when an image would be cut through.
    func prefix(rows length: Int, of total: Int) throws(RecordFault) -> [PlacedImage] {
        let kept = filter { $0.start < length }
        guard kept.allSatisfy({ $0.start + $0.grid.count <= length }) else {
            throw .tooLong(tokens: total, maxLength: length)
        }
        return kept
    }

    /// Those of the last `length` rows, counted from the first of these.
    ///
    /// - Throws: `RecordFault.tooLong` when an image would be lost, or a part of one.
    func suffix(rows length: Int, of total: Int) throws(RecordFault) -> [PlacedImage] {
        let dropped = total - length
        guard allSatisfy({ $0.start >= dropped }) else {
            throw .tooLong(tokens: total, maxLength: length)
        }
        return map { $0.moved(by: -dropped) }
    }
}
