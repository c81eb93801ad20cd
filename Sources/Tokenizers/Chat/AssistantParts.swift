import Records

/// Finds in a rendered conversation what the assistant wrote; ranges are of bytes.
struct AssistantParts {
    let renderer: ChatRenderer
    let messages: [Message]
    /// The whole rendering.
    let text: [UInt8]

    /// The assistant's parts in order; `generated` is what the template marked.
    func ranges(generated: [Range<Int>]) throws(ChatError) -> [Range<Int>] {
        let turns = messages.indices.filter { messages[$0].role == "assistant" }
        if renderer.template.marksGeneration {
            return try markedRanges(Self.outermost(generated), turns)
        }
        var ranges: [Range<Int>] = []
        for turn in turns {
            let range = try range(of: turn)
            guard range.lowerBound >= ranges.last?.upperBound ?? 0 else {
                throw .promptIsNoPrefix(message: turn)
            }
            ranges.append(range)
        }
        return ranges
    }

    /// What a turn adds to the prompt before it, up to the token that ends it.
    private func range(of turn: Int) throws(ChatError) -> Range<Int> {
        let prompt = Array(try renderer.rendering(messages[..<turn], true).text.utf8)
        guard text.starts(with: prompt) else { throw .promptIsNoPrefix(message: turn) }
        let whole = Array(try renderer.rendering(messages[...turn], false).text.utf8)
        guard whole.starts(with: prompt) else { throw .promptIsNoPrefix(message: turn) }
        let range = prompt.count..<endOfTurn(whole[prompt.count...])
        guard range.upperBound <= text.count, text[range] == whole[range] else {
            throw .turnChanges(message: turn)
        }
        guard !range.isEmpty else { throw .emptyTurn(message: turn) }
        return range
    }

    /// The marked blocks, each from the end of its prompt to the token that ends the turn.
    ///
    /// What stands between prompt and mark is the model's to write, so it is labelled as well; what
    /// the prompt has of the marked text is not.
    private func markedRanges(
        _ blocks: [Range<Int>],
        _ turns: [Int]
    ) throws(ChatError) -> [Range<Int>] {
        guard blocks.count >= turns.count else { throw .emptyTurn(message: turns[blocks.count]) }
        // Several blocks in a turn cannot be told apart: they stay as they are.
        guard blocks.count == turns.count else { return blocks.filter { !$0.isEmpty } }
        var ranges: [Range<Int>] = []
        for (block, turn) in zip(blocks, turns) {
            guard !block.isEmpty else { throw .emptyTurn(message: turn) }
            let prompt = Array(try renderer.rendering(messages[..<turn], true).text.utf8)
            let possible = (ranges.last?.upperBound ?? 0)..<block.upperBound
            guard possible.contains(prompt.count), text.starts(with: prompt) else {
                throw .promptIsNoPrefix(message: turn)
            }
            ranges.append(prompt.count..<wordEnd(markedEnd(block), from: block.lowerBound))
        }
        return ranges
    }

    /// The end of a marked block, with the end-of-turn token behind it where it has none itself.
    private func markedEnd(_ block: Range<Int>) -> Int {
        let end = endOfTurn(text[block])
        guard end == block.upperBound, let eos = renderer.tokenizer.eosID,
            let mark = renderer.tokenizer.token(for: eos).map({ Array($0.utf8) })
        else { return end }
        let hasMark = text[block].reversed().starts(with: mark.reversed())
        return !hasMark && text[end...].starts(with: mark) ? end + mark.count : end
    }

    /// A marked block without the space at its end when a word follows, with SentencePiece: such a
    /// space is the next word's. (LLaVA's template marks `answer + ' '`, and `USER` follows.)
    private func wordEnd(_ end: Int, from start: Int) -> Int {
        guard renderer.tokenizer.vocabulary.spelling == .sentencePiece, end < text.count else {
            return end
        }
        let space = UInt8(ascii: " ")
        guard end > start, text[end - 1] == space, text[end] != space else { return end }
        return end - 1
    }

    /// The end of the first of the special tokens with which a turn ends, whitespace between them;
    /// the turn's own end where it ends with text.
    private func endOfTurn(_ turn: ArraySlice<UInt8>) -> Int {
        turn.withUnsafeBufferPointer { bytes in
            var end = bytes.count
            var position = bytes.count
            for match in renderer.tokenizer.specialMatches(in: bytes).reversed() {
                let scanner = ScalarScanner(bytes, end: position)
                guard scanner.skip(.whitespace, from: match.end) == position else { break }
                end = match.end
                position = match.start
            }
            return turn.startIndex + end
        }
    }

    /// Blocks in order, those within others left out.
    private static func outermost(_ blocks: [Range<Int>]) -> [Range<Int>] {
        var kept: [Range<Int>] = []
        let sorted = blocks.sorted {
            ($0.lowerBound, -$0.upperBound) < ($1.lowerBound, -$1.upperBound)
        }
        for block in sorted {
            if let last = kept.last, block.lowerBound < last.upperBound { continue }
            kept.append(block)
        }
        return kept
    }
}
