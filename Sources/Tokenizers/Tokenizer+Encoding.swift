import Records

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
        let search = TokenSearch(skipsSpecial: !parseSpecial)
        encode(text, search, from: .nothing, into: &ids)
        if addSpecial { ids += suffix }
        return ids
    }

    /// The ids of a text with images.
    ///
    /// - Parameters:
    ///   - imageToken: What stands for each `ImageReference.placeholder`; the token spelled out is
    ///     text. With nil the placeholder is text as well.
    ///   - isContinuation: Whether other text stands before: no space is put in front then.
    public func encode(
        _ text: String,
        imageToken: ImageToken?,
        isContinuation: Bool = false
    ) -> [Int] {
        let start = isContinuation ? TextStart.text : .nothing
        var encoder = PieceEncoder(tokenizer: self, imageToken: imageToken, start: start)
        let mark = String(ImageReference.placeholder)
        encoder.append(
            imageToken == nil ? [text] : TemplateText.split(text, by: mark, limit: .max))
        return encoder.ids
    }

    /// Appends the ids of a piece of text.
    ///
    /// - Parameter start: What stands before the piece.
    /// - Returns: What stands before the next one.
    @discardableResult
    func encode(
        _ text: String,
        _ search: TokenSearch,
        from start: TextStart,
        into ids: inout [Int]
    ) -> TextStart {
        guard !text.isEmpty else { return start }
        var text = text
        return text.withUTF8 { bytes in
            ids.reserveCapacity(ids.count + bytes.count / 3 + suffix.count)
            var work = BytePairEncoder.Workspace()
            let matches = added.verbatim.matches(in: bytes, search)
            between(matches, of: bytes, from: start, into: &ids) { part, start, ids in
                encodePart(part, search, from: start, into: &ids, work: &work)
            }
            return matches.last?.end == bytes.count ? .token : .text
        }
    }

    /// Where special tokens stand in a text, in bytes, with the whitespace they absorb.
    func specialMatches(in bytes: UnsafeBufferPointer<UInt8>) -> [AddedTokenMatch] {
        added.verbatim.matches(in: bytes, TokenSearch()).filter { isSpecial($0.id) }
    }

    /// Text without verbatim added tokens: normalized, searched for the others, split, merged.
    private func encodePart(
        _ part: UnsafeBufferPointer<UInt8>,
        _ search: TokenSearch,
        from start: TextStart,
        into ids: inout [Int],
        work: inout BytePairEncoder.Workspace
    ) {
        normalizer.withNormalized(part, from: start) { text in
            let matches = added.normalized.matches(in: text, search)
            between(matches, of: text, from: start, into: &ids) { part, start, ids in
                encodeWords(part, from: start, into: &ids, work: &work)
            }
        }
    }

    private func encodeWords(
        _ text: UnsafeBufferPointer<UInt8>,
        from start: TextStart,
        into ids: inout [Int],
        work: inout BytePairEncoder.Workspace
    ) {
        guard case .metaspace(let metaspace) = preTokenizer else {
            return merge(text, into: &ids, work: &work)
        }
        metaspace.marking(text, from: start).withUnsafeBufferPointer { marked in
            merge(marked, into: &ids, work: &work)
        }
    }

    private func merge(
        _ text: UnsafeBufferPointer<UInt8>,
        into ids: inout [Int],
        work: inout BytePairEncoder.Workspace
    ) {
        preTokenizer.forEachWord(in: text) { word in
            encoder.encode(
                UnsafeBufferPointer(rebasing: text[word]),
                vocabulary: vocabulary,
                into: &ids,
                work: &work
            )
        }
    }

    /// Appends the ids of matches, and calls `body` with the text before, between and after them
    /// and what stands before it.
    private func between(
        _ matches: [AddedTokenMatch],
        of text: UnsafeBufferPointer<UInt8>,
        from start: TextStart,
        into ids: inout [Int],
        body: (UnsafeBufferPointer<UInt8>, TextStart, inout [Int]) -> Void
    ) {
        var position = 0
        var start = start
        for match in matches {
            if match.start > position {
                body(UnsafeBufferPointer(rebasing: text[position..<match.start]), start, &ids)
            }
            ids.append(match.id)
            position = match.end
            start = .token
        }
        if position < text.count {
            body(UnsafeBufferPointer(rebasing: text[position...]), start, &ids)
        }
    }
}
