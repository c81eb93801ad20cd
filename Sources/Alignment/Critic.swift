import Checkpoints
import Datasets
import Foundation
import Generation
import Layers
import Models
import Recipes
import Torch

/// The value of a state: a head on the policy's own trunk, with an adapter of its own.
struct Critic {
    static let name: AdapterName = "critic"

    let model: LanguageModel
    let head: ScoreHead
    let configuration: AdapterConfiguration

    /// A new critic whose values are 0, or one that starts as a reward model.
    ///
    /// - Throws: ``FormatError`` or ``AdapterError`` where the reward model cannot be read.
    init(_ valueModel: String, _ settings: TrainingSettings, model: LanguageModel) throws {
        self.model = model
        if valueModel.isEmpty {
            var new = try model.attachTrainedAdapter(settings, name: Self.name)
            new.taskType = .sequenceClassification
            configuration = new
            head = ScoreHead(
                zeroOfSize: model.decoder.configuration.hiddenSize, device: model.decoder.device)
        } else {
            let folder = URL(filePath: valueModel)
            configuration = try AdapterConfiguration(folder: folder)
            head = try RewardModel.load(folder, onto: model, name: Self.name).head
        }
    }

    var trained: TrainedAdapter {
        TrainedAdapter(name: Self.name, configuration: configuration, head: head)
    }

    /// The values of the states in which the labelled tokens were chosen, [L] f32.
    ///
    /// - Throws: ``ImageFault`` when an image can no longer be read.
    func values(of batch: PackedBatch) throws(ImageFault) -> Tensor {
        try model.decoder.adapters.with(Self.name) { () throws(ImageFault) in
            head.scores(try model.predictingStates(of: batch))
        }
    }
}
