import Checkpoints
import Datasets
import FileFormats
import Foundation
import Layers
import Models
import Records
import Torch

/// A model that gives token sequences one number each: a language model's trunk with an adapter
/// and a score head of its own (Ouyang et al. 2022, arXiv:2203.02155). Other adapters on the trunk
/// are not touched. A critic is the same, read at every token.
public struct RewardModel {
    public let model: LanguageModel
    /// The adapter that is active while it scores.
    public let name: AdapterName
    public let head: ScoreHead

    /// - Parameter name: an adapter that is on the model's decoder.
    public init(_ model: LanguageModel, name: AdapterName, head: ScoreHead) {
        self.model = model
        self.name = name
        self.head = head
    }

    /// Puts adapter and head of a PEFT folder (SEQ_CLS) on a model, under a name.
    ///
    /// - Throws: ``FormatError``, also when the folder has no score head, or ``AdapterError``.
    public static func load(
        _ folder: URL, onto model: LanguageModel, name: AdapterName
    ) throws -> RewardModel {
        let (configuration, modules, score, saved) = try AdapterFiles.read(folder)
        guard let score else {
            throw FormatError(
                file: folder.path, item: "task_type",
                reason: "CAUSAL_LM has no score head; a reward model is SEQ_CLS")
        }
        let expected = [1, model.decoder.configuration.hiddenSize]
        guard score.shape == expected else {
            throw AdapterError.shape(module: "score", expected: expected, found: score.shape)
        }
        try model.decoder.attachAdapters(configuration, modules, saved: saved, name: name)
        return RewardModel(
            model, name: name, head: ScoreHead(weight: score.to(model.decoder.device)))
    }

    /// The score of each sequence, read at its last token, which should end the answer's turn.
    ///
    /// - Parameters:
    ///   - sequences: prompt and answer, at least one token each.
    ///   - budget: tokens that go through the model at once.
    /// - Throws: ``ScoringError`` when an image can no longer be read, or a score is not finite:
    ///   the first record that shows it is in the error.
    public func scores(
        of sequences: [TokenizedExample], budget: Int = 4096
    ) throws(ScoringError) -> [Double] {
        precondition(sequences.allSatisfy { $0.tokenCount > 0 }, "no tokens have no score")
        var result: [Double] = []
        try model.decoder.adapters.with(name, dropout: nil) { () throws(ScoringError) in
            try withInference { () throws(ScoringError) in
                for chunk in sequences.chunks(ofTokens: budget) {
                    let packed = PackedBatch(chunk)
                    let batch = TokenBatch(packed)
                    let values = try ScoringError.wrapping { () throws(ImageFault) in
                        try scores(of: batch, images: packed.images, at: batch.lastRows)
                            .values(Double.self)
                    }
                    if let place = values.firstIndex(where: { !$0.isFinite }) {
                        throw .notFinite(record: chunk[place].id)
                    }
                    result += values
                }
            }
        }
        return result
    }

    /// The scores at some rows of a batch, [rows] in f32, differentiable to adapter and head.
    ///
    /// - Throws: ``ImageFault`` when an image can no longer be read.
    public func scores(
        of batch: TokenBatch, images: [PlacedImage], at rows: [Int]
    ) throws(ImageFault) -> Tensor {
        let hidden = try model.decoder.adapters.with(name) { () throws(ImageFault) in
            try model.hidden(batch, images: images)
        }
        let index = Tensor(rows.map(Int64.init)).to(model.decoder.device)
        return head.scores(hidden.indexSelect(0, index))
    }
}
