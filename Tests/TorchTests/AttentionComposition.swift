import Testing
import Torch

/// Heads of queries, of keys and values, and their size.
struct HeadLayout: Sendable, CustomTestStringConvertible {
    let heads: Int
    let shared: Int
    let size: Int
    var testDescription: String { "\(heads)/\(shared) heads of \(size)" }

    var width: Int { (heads + 2 * shared) * size }
    var scale: Double { 1 / Double(size).squareRoot() }

    func packed(_ rows: Tensor, _ lengths: [Int], prefixes: [Int]? = nil) -> Tensor {
        rows.packedAttention(
            lengths: lengths,
            prefixes: prefixes,
            heads: heads,
            keyValueHeads: shared,
            scale: scale
        )
    }
}

/// Causal attention of sequences one after another, by the textbook.
func composedAttention(_ rows: Tensor, _ lengths: [Int], _ layout: HeadLayout) -> Tensor {
    let outputs = rows.split(lengths, dim: 0).map { sequence in
        let n = sequence.size(0)
        let parts = sequence.reshape([n, layout.heads + 2 * layout.shared, layout.size])
            .transpose(0, 1).split([layout.heads, layout.shared, layout.shared], dim: 0)
        let group = layout.heads / layout.shared
        let keys = parts[1].repeatInterleave(group, dim: 0)
        let values = parts[2].repeatInterleave(group, dim: 0)
        let scores = parts[0].matmul(keys.transpose(1, 2)) * layout.scale
        let places = Tensor.arange(0, n)
        let hidden = places.unsqueeze(1).less(than: places.unsqueeze(0))
        let weights = scores.maskedFill(hidden, -.infinity).softmax(-1)
        return weights.matmul(values).transpose(0, 1).reshape([n, layout.heads * layout.size])
    }
    return .cat(outputs)
}
