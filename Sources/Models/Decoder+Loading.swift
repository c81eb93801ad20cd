import Checkpoints
import FileFormats
import Foundation
import Layers
import Torch

extension Decoder {
    /// Loads a Hugging Face folder: a text model, or one that also sees.
    ///
    /// - Parameter dtype: what the frozen weights are held and multiplied in.
    /// - Throws: ``FormatError`` that names file and key or tensor.
    public convenience init(
        folder: URL, dtype: DType, device: Device = .cpu
    ) throws(FormatError) {
        let configuration = try ModelConfiguration(
            huggingFace: folder.appending(path: "config.json"))
        let weights = try RenamedWeights(SafetensorsWeights(url: folder), configuration.names)
        try self.init(configuration, WeightPath(weights, dtype: dtype, device: device))
    }

    /// Loads a model whose weights go by today's names.
    ///
    /// - Throws: ``FormatError`` that names the tensor which is missing or does not fit.
    convenience init(
        _ configuration: ModelConfiguration, _ weights: WeightPath
    ) throws(FormatError) {
        guard let vision = configuration.vision else {
            try self.init(configuration.text, weights)
            return
        }
        try self.init(
            configuration.text, body: weights["model"]["language_model"], head: weights["lm_head"],
            names: configuration.names
        ) { state throws(FormatError) in
            try VisionModel(
                vision, weights, textWidth: configuration.text.hiddenSize, state)
        }
    }
}
