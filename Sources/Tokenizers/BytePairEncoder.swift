/// Byte-pair encoding of one word: the pair of lowest rank merges first, the leftmost of equals.
struct BytePairEncoder: Sendable {
    let alphabet: SymbolAlphabet
    let merges: MergeTable
    /// Whether a word that is a token stays whole whatever the merges say (Llama 3).
    let keepsWholeWords: Bool

    static let missing = UInt32.max

    /// Words up to this many symbols are scanned for the next merge, longer ones keep a heap.
    private static let scanLimit = 40

    /// Memory that is used again from word to word.
    struct Workspace {
        var symbols: [UInt32] = []
        var merges: [MergeTable.Merge] = []
    }

    /// - Parameter alphabet: What words are made of; nil for the bytes of the vocabulary.
    init(
        vocabulary: Vocabulary,
        merges: MergeTable,
        keepsWholeWords: Bool,
        alphabet: SymbolAlphabet? = nil
    ) {
        self.alphabet = alphabet ?? .bytes(of: vocabulary)
        self.merges = merges
        self.keepsWholeWords = keepsWholeWords
    }

    func encode(
        _ word: UnsafeBufferPointer<UInt8>,
        vocabulary: Vocabulary,
        into ids: inout [Int],
        work: inout Workspace
    ) {
        if keepsWholeWords, let id = vocabulary.id(of: word) { return ids.append(id) }
        work.symbols.removeAll(keepingCapacity: true)
        alphabet.append(word, vocabulary, to: &work.symbols)
        if work.symbols.count > Self.scanLimit {
            var queue = MergeQueue(symbols: work.symbols, merges: merges)
            queue.run(into: &ids)
        } else {
            scan(&work)
            for symbol in work.symbols { ids.append(Int(symbol)) }
        }
    }

    private func scan(_ work: inout Workspace) {
        guard work.symbols.count > 1 else { return }
        work.merges.removeAll(keepingCapacity: true)
        for index in 1..<work.symbols.count {
            work.merges.append(merges.merge(work.symbols[index - 1], work.symbols[index]))
        }
        while let (index, merge) = lowest(work.merges) {
            work.symbols[index] = UInt32(truncatingIfNeeded: merge)
            work.symbols.remove(at: index + 1)
            work.merges.remove(at: index)
            if index < work.merges.count { refresh(index, &work) }
            if index > 0 { refresh(index - 1, &work) }
        }
    }

    private func refresh(_ index: Int, _ work: inout Workspace) {
        work.merges[index] = merges.merge(work.symbols[index], work.symbols[index + 1])
    }

    @inline(__always)
    private func lowest(_ merges: [MergeTable.Merge]) -> (Int, MergeTable.Merge)? {
        var best = MergeTable.none
        var place = 0
        for (index, merge) in merges.enumerated() where MergeTable.precedes(merge, best) {
            best = merge
            place = index
        }
        return best == MergeTable.none ? nil : (place, best)
    }
}
