/// Builds a merge table from a list of merges, in order of rank.
struct MergeRules {
    private(set) var table: MergeTable
    private let vocabulary: Vocabulary
    private let source: String
    private let item: String
    private var rank = 0
    private var scratch: [UInt8] = []

    /// - Parameters:
    ///   - source: The file, for error messages.
    ///   - item: The list's key in it, for error messages.
    init(count: Int, vocabulary: Vocabulary, source: String, item: String) {
        table = MergeTable(capacity: count)
        self.vocabulary = vocabulary
        self.source = source
        self.item = item
    }

    /// Adds the next merge, its parts separated by one space.
    mutating func add(line: String) throws(TokenizerError) {
        var line = line
        let fault = line.withUTF8 { add($0) }
        try check(fault)
    }

    mutating func add(line: UnsafeBufferPointer<UInt8>) throws(TokenizerError) {
        let fault = add(line)
        try check(fault)
    }

    /// Adds the next merge.
    mutating func add(left: String, right: String) throws(TokenizerError) {
        var (left, right) = (left, right)
        let fault = left.withUTF8 { left in right.withUTF8 { right in add(left, right) } }
        try check(fault)
    }

    // Called after the adding, never around it: the copy of `self` that a call holds would make
    // the adding copy the table.
    private func check(_ fault: String?) throws(TokenizerError) {
        guard let fault else { return }
        throw TokenizerError(source: source, item: item, reason: "merge \(rank + 1) \(fault)")
    }

    private mutating func add(_ line: UnsafeBufferPointer<UInt8>) -> String? {
        guard let space = line.firstIndex(of: UInt8(ascii: " ")) else {
            return "is not two tokens with a space between"
        }
        return add(
            UnsafeBufferPointer(rebasing: line[..<space]),
            UnsafeBufferPointer(rebasing: line[(space + 1)...])
        )
    }

    /// - Returns: What is wrong with the merge.
    private mutating func add(
        _ left: UnsafeBufferPointer<UInt8>,
        _ right: UnsafeBufferPointer<UInt8>
    ) -> String? {
        scratch.removeAll(keepingCapacity: true)
        let isLeft = vocabulary.despell(left, into: &scratch)
        let middle = scratch.count
        guard isLeft, vocabulary.despell(right, into: &scratch) else {
            return "holds a character outside the byte alphabet"
        }
        let (first, second, whole) = scratch.withUnsafeBufferPointer { bytes in
            (
                vocabulary.id(of: UnsafeBufferPointer(rebasing: bytes[..<middle])),
                vocabulary.id(of: UnsafeBufferPointer(rebasing: bytes[middle...])),
                vocabulary.id(of: bytes)
            )
        }
        guard let first, let second, let whole else {
            return "has a part or a result that is not in the vocabulary"
        }
        table.insert(first, second, rank: rank, id: whole)
        rank += 1
        return nil
    }
}
