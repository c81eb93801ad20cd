import Torch

/// What stands in place of token embeddings in some rows of a batch.
public struct ImageRows {
    /// Rows of the batch, each once.
    public var rows: [Int]
    /// [rows, D], in the order of `rows`; gradients flow to them.
    public var features: Tensor

    public init(rows: [Int], features: Tensor) {
        precondition(
            features.dim == 2 && features.size(0) == rows.count,
            "\(rows.count) rows for features \(features.shape)")
        self.rows = rows
        self.features = features
    }
}
