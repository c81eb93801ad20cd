import Checkpoints
import FileFormats
import Foundation
import Layers
import Torch

extension Decoder {
    /// Loads a Hugging Face folder or a GGUF file.
    ///
    /// - Parameter dtype: what the frozen weights are held and multiplied in.
    /// - Throws: ``FormatError`` that names file and key or tensor.
    public convenience init(
        _ checkpoint: ModelCheckpoint, dtype: DType, device: Device = .cpu
    ) throws(FormatError) {
        let configuration = checkpoint.configuration
        let weights = WeightPath(checkpoint.weights, dtype: dtype, device: device)
        guard let vision = configuration.vision else {
            try self.init(configuration.text, weights)
            return
        }
        try self.init(
            configuration.text, body: weights["model"]["language_model"], root: weights,
            earlierNames: configuration.earlierNames
        ) { state throws(FormatError) in
            try VisionModel(
                vision, weights, textWidth: configuration.text.hiddenSize, state)
        }
    }
}
