import Datasets
import Models
import Torch

extension TokenBatch {
    /// The sequences of a micro-batch.
    init(_ batch: PackedBatch) {
        self.init(
            tokens: batch.tokenIDs, positions: batch.positions.map(Int.init),
            lengths: batch.sequenceLengths, prefixes: batch.prefixes)
    }
}

extension LanguageModel {
    /// The hidden states that predict the labelled tokens of a micro-batch, [L, D], in the order
    /// of its targets.
    public func predictingStates(of batch: PackedBatch) -> Tensor {
        let rows = Tensor(batch.targets.positions.map(Int64.init)).to(decoder.device)
        return decoder.hidden(TokenBatch(batch)).indexSelect(0, rows)
    }
}

extension RewardModel {
    /// The score of each completion of a micro-batch of groups, [B] in f32, differentiable to
    /// adapter and head.
    public func scores(ofCompletions batch: PackedBatch) -> Tensor {
        let tokens = TokenBatch(batch)
        let rows = zip(tokens.lastRows, batch.prefixes).filter { $0.1 >= 0 }.map(\.0)
        return scores(of: tokens, at: rows)
    }
}
