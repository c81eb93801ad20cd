extension Tokenizer {
    /// The ids of a text.
    ///
    /// - Parameters:
    ///   - parseSpecial: Whether special tokens that are spelled out in the text become their ids;
    ///     otherwise they are text like any other.
    ///   - addSpecial: Adds what the model expects around a text: the beginning-of-text id, say.
    public func encode(
        _ text: String,
        parseSpecial: Bool = true,
        addSpecial: Bool = false
    ) -> [Int] {
        var ids: [Int] = addSpecial ? prefix : []
        var text = text
        text.withUTF8 { bytes in
            ids.reserveCapacity(ids.count + bytes.count / 3 + suffix.count)
            var work = BytePairEncoder.Workspace()
            let matches = added.verbatim.matches(in: bytes, skippingSpecial: !parseSpecial)
            between(matches, of: bytes, into: &ids) { part, ids in
                encodePart(part, parseSpecial: parseSpecial, into: &ids, work: &work)
            }
        }
        if addSpecial { ids += suffix }
        return ids
    }

    /// Where special tokens stand in a text, in bytes, with the whitespace they absorb.
    func specialMatches(in bytes: UnsafeBufferPointer<UInt8>) -> [AddedTokenMatch] {
        added.verbatim.matches(in: bytes, skippingSpecial: false).filter { isSpecial($0.id) }
    }

    /// Text without verbatim added tokens: normalized, searched for the others, split, merged.
    private func encodePart(
        _ part: UnsafeBufferPointer<UInt8>,
        parseSpecial: Bool,
        into ids: inout [Int],
        work: inout BytePairEncoder.Workspace
    ) {
        guard composesUnicode, !UnicodeComposition.isSurelyComposed(part) else {
            return encodeNormalized(part, parseSpecial: parseSpecial, into: &ids, work: &work)
        }
        var composed = UnicodeComposition.compose(String(decoding: part, as: UTF8.self))
        composed.withUTF8 { bytes in
            encodeNormalized(bytes, parseSpecial: parseSpecial, into: &ids, work: &work)
        }
    }

    private func encodeNormalized(
        _ text: UnsafeBufferPointer<UInt8>,
        parseSpecial: Bool,
        into ids: inout [Int],
        work: inout BytePairEncoder.Workspace
    ) {
        let matches = added.normalized.matches(in: text, skippingSpecial: !parseSpecial)
        between(matches, of: text, into: &ids) { part, ids in
            preTokenizer.forEachWord(in: part) { word in
                encoder.encode(
                    UnsafeBufferPointer(rebasing: part[word]),
                    vocabulary: vocabulary,
                    into: &ids,
                    work: &work
                )
            }
        }
    }

    /// Appends the ids of matches, and calls `body` with the text before, between and after them.
    private func between(
        _ matches: [AddedTokenMatch],
        of text: UnsafeBufferPointer<UInt8>,
        into ids: inout [Int],
        body: (UnsafeBufferPointer<UInt8>, inout [Int]) -> Void
    ) {
        var position = 0
        for match in matches {
            if match.start > position {
                body(UnsafeBufferPointer(rebasing: text[position..<match.start]), &ids)
            }
            ids.append(match.id)
            position = match.end
        }
        if position < text.count {
            body(UnsafeBufferPointer(rebasing: text[position...]), &ids)
        }
    }
}
