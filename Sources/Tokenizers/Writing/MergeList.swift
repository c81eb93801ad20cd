/// The merges of a tokenizer as a list, whose order is their rank.
///
/// Where several have one rank, cuts of one piece or pieces of one score, those with the longer
/// parts come first, as in transformers' `generate_merges`.
struct MergeList {
    let merges: [(left: Int, right: Int)]

    init(_ tokenizer: Tokenizer) {
        let lengths = (0..<tokenizer.vocabularySize).map { id in
            tokenizer.token(for: id)?.unicodeScalars.count ?? 0
        }
        merges = tokenizer.encoder.merges.all.sorted { one, other in
            if one.rank != other.rank { return one.rank < other.rank }
            let (left, right) = (lengths[one.left], lengths[one.right])
            let (otherLeft, otherRight) = (lengths[other.left], lengths[other.right])
            return (-left, -right, one.left, one.right)
                < (-otherLeft, -otherRight, other.left, other.right)
        }.map { ($0.left, $0.right) }
    }
}
