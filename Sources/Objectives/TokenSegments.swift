import Torch

/// Where the completions of a micro-batch lie in tensors of one value a token.
///
/// Tokens stand one completion after another, without padding: N tokens of B completions. All
/// methods are differentiable.
public struct TokenSegments {
    /// Tokens of each completion; one of length 0 takes no part in a loss.
    public let lengths: [Int]
    /// The completion each token belongs to, [N], int64.
    private let owners: Tensor

    /// - Parameters:
    ///   - lengths: tokens of each completion, in their order.
    ///   - device: where the tensors are that it is used with.
    public init(lengths: [Int], device: Device = .cpu) {
        self.lengths = lengths
        let owners = lengths.enumerated().flatMap { repeatElement(Int64($0.offset), count: $0.1) }
        self.owners = Tensor(owners).to(device)
    }

    /// N, tokens in all.
    public var tokenCount: Int { owners.count }

    /// [N] to the sum over each completion, [B], in the dtype of `tokens`.
    ///
    /// Sums run in f64: a sum of many log-probabilities is large, the difference of two is not.
    public func sums(_ tokens: Tensor) -> Tensor {
        Tensor.zeros([lengths.count], .float64, on: tokens.device)
            .indexAdd(0, owners, tokens.to(.float64)).to(tokens.dtype)
    }

    /// [N] to the mean over each completion, [B]; 0 where it has no token.
    public func means(_ tokens: Tensor) -> Tensor {
        sums(tokens) / Tensor(lengths.map { Float(max($0, 1)) }).to(tokens.device)
    }

    /// One value a completion, [B], to all of its tokens, [N].
    public func expanded(_ completions: Tensor) -> Tensor {
        completions.indexSelect(0, owners)
    }
}
