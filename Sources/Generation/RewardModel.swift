import Checkpoints
import FileFormats
import Foundation
import Layers
import Models
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
        let (configuration, modules, score) = try AdapterFiles.read(folder)
        guard let score else {
            throw FormatError(
                file: folder.path, item: "task_type",
                reason: "CAUSAL_LM has no score head; a reward model is SEQ_CLS")
        }
        let expected = [1, model.decoder.configuration.hiddenSize]
        guard score.shape == expected else {
            throw AdapterError.shape(module: "score", expected: expected, found: score.shape)
        }
        try model.decoder.attachAdapters(configuration, modules, name: name)
        return RewardModel(
            model, name: name, head: ScoreHead(weight: score.to(model.decoder.device)))
    }

    /// The score of each sequence, read at its last token, which should end the answer's turn.
    ///
    /// - Parameters:
    ///   - sequences: prompt and answer, at least one token each.
    ///   - budget: tokens that go through the model at once.
    public func scores(of sequences: [[Int32]], budget: Int = 4096) -> [Double] {
        precondition(sequences.allSatisfy { !$0.isEmpty }, "a sequence without tokens has no score")
        return model.decoder.adapters.with(name, dropout: nil) {
            withInference {
                sequences.chunks(ofTokens: budget, count: \.count).flatMap { chunk in
                    let batch = TokenBatch(chunk)
                    return scores(of: batch, at: batch.lastRows).values(Double.self)
                }
            }
        }
    }

    /// The scores at some rows of a batch, [rows] in f32, differentiable to adapter and head.
    public func scores(of batch: TokenBatch, at rows: [Int]) -> Tensor {
        let hidden = model.decoder.adapters.with(name) { model.decoder.hidden(batch) }
        let index = Tensor(rows.map(Int64.init)).to(model.decoder.device)
        return head.scores(hidden.indexSelect(0, index))
    }
}
