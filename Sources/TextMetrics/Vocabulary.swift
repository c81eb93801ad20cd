/// A word by its bytes: Swift's strings would hold two spellings of one accent for equal.
struct Word: Hashable {
    let bytes: [UInt8]

    init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

/// Numbers words from 0, so that texts compare as integers.
struct Vocabulary {
    private var ids: [Word: Int32] = [:]

    mutating func id(of word: Word) -> Int32 {
        if let id = ids[word] { return id }
        let id = Int32(ids.count)
        ids[word] = id
        return id
    }
}
