import Datasets
import Models
import Records
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
    /// Hidden states after the last norm, [T, D], of tokens and the images among them.
    ///
    /// - Throws: ``ImageFault`` when an image can no longer be read.
    public func hidden(
        _ batch: TokenBatch, images: [PlacedImage], continuing cached: CachedSequences? = nil
    ) throws(ImageFault) -> Tensor {
        guard let vision, !images.isEmpty else { return decoder.hidden(batch, continuing: cached) }
        var batch = batch
        if decoder.configuration.multimodalSections != nil {
            batch.mropePositions = MRoPEPositions(
                lengths: batch.lengths, prefixes: batch.prefixes, positions: batch.positions,
                images: images)
        }
        return decoder.hidden(batch, continuing: cached, images: try vision.rows(of: images))
    }

    /// The hidden states that predict the labelled tokens of a micro-batch, [L, D], in the order
    /// of its targets.
    ///
    /// - Throws: ``ImageFault`` when an image can no longer be read.
    public func predictingStates(of batch: PackedBatch) throws(ImageFault) -> Tensor {
        let rows = Tensor(batch.targets.positions.map(Int64.init)).to(decoder.device)
        return try hidden(TokenBatch(batch), images: batch.images).indexSelect(0, rows)
    }
}

extension RewardModel {
    /// The score of each completion of a micro-batch of groups, [B] in f32, differentiable to
    /// adapter and head.
    ///
    /// - Throws: ``ImageFault`` when an image can no longer be read.
    public func scores(ofCompletions batch: PackedBatch) throws(ImageFault) -> Tensor {
        let tokens = TokenBatch(batch)
        let rows = zip(tokens.lastRows, batch.prefixes).filter { $0.1 >= 0 }.map(\.0)
        return try scores(of: tokens, images: batch.images, at: rows)
    }
}
