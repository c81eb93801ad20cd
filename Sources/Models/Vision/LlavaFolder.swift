import Checkpoints
import FileFormats
import Foundation
import Records
import Torch

/// A model that sees, put together from a decoder, a vision tower and a new projector, in the
/// layout of `LlavaForConditionalGeneration`.
public enum LlavaFolder {
    /// What is put together, and how.
    public struct Parts {
        /// A Hugging Face folder or a GGUF file of a text model.
        public var decoder: URL
        /// A Hugging Face folder of CLIP, SigLIP or DINOv2, by itself or as part of a larger model.
        public var tower: URL
        /// The id that stands for an image; outside of the decoder's vocabulary is fine.
        public var imageTokenID: Int
        /// The tower's layer whose output is projected; negative ones count from the last.
        public var featureLayer: Int
        /// Of the new projector.
        public var seed: UInt64
        /// What the weights are stored in.
        public var dtype: DType

        public init(
            decoder: URL, tower: URL, imageTokenID: Int, featureLayer: Int = -2, seed: UInt64 = 0,
            dtype: DType = .bfloat16
        ) {
            self.decoder = decoder
            self.tower = tower
            self.imageTokenID = imageTokenID
            self.featureLayer = featureLayer
            self.seed = seed
            self.dtype = dtype
        }
    }

    /// Writes config.json, preprocessor_config.json and model.safetensors into an existing folder.
    /// The tokenizer's files are not part of it.
    ///
    /// - Throws: ``FormatError`` when a part cannot be read or the disk refuses.
    public static func write(_ parts: Parts, to folder: URL) throws(FormatError) {
        let text = try LlavaDecoderPart(parts.decoder)
        let tower = try LlavaTowerPart(parts.tower)
        let configuration = try configuration(parts, text, tower)
        let file = folder.appending(path: "config.json")
        try AtomicFile.write(JSONText.pretty(configuration), to: file)
        // What was just written must be readable, and its sizes sound.
        let model = try ModelConfiguration(huggingFace: file)
        try AtomicFile.write(
            JSONText.pretty(tower.processor),
            to: folder.appending(path: "preprocessor_config.json"))
        let entries =
            try text.entries(model.text, parts.dtype) + tower.entries(parts.dtype)
            + projector(from: tower.width, to: model.text.hiddenSize, parts)
        try TensorFile.write(
            entries, metadata: ["format": "pt"],
            to: folder.appending(path: "model.safetensors"))
    }

    private static func configuration(
        _ parts: Parts, _ text: LlavaDecoderPart, _ tower: LlavaTowerPart
    ) throws(FormatError) -> JSONValue {
        // A class token that says nothing of a place is left out; SigLIP has none.
        let strategy = tower.configuration.hasClassToken ? "default" : "full"
        return .object([
            "model_type": .string(VisionFamily.llava.type),
            "architectures": .array([.string("LlavaForConditionalGeneration")]),
            "text_config": .object(text.values), "vision_config": .object(tower.values),
            "image_token_index": .integer(parts.imageTokenID),
            "projector_hidden_act": .string("gelu"), "multimodal_projector_bias": .bool(true),
            "vision_feature_layer": .integer(parts.featureLayer),
            "vision_feature_select_strategy": .string(strategy),
            "tie_word_embeddings": .bool(text.values["tie_word_embeddings"]?.bool ?? false),
            "image_seq_length": .integer(tower.tokenCount),
            "torch_dtype": .string(parts.dtype == .bfloat16 ? "bfloat16" : "float32"),
        ])
    }

    /// Two layers as PyTorch draws them: uniform in +-1/sqrt(inputs).
    private static func projector(
        from width: Int, to hidden: Int, _ parts: Parts
    ) -> [TensorFile.Entry] {
        let generator = Generator(seed: parts.seed)
        return [("linear_1", width), ("linear_2", hidden)].flatMap { name, inputs in
            [("weight", [hidden, inputs]), ("bias", [hidden])].map { kind, shape in
                let bound = 1 / Double(inputs).squareRoot()
                let uniform = Tensor.rand(shape, generator: generator)
                let values = ((uniform * 2 - 1) * bound).to(parts.dtype)
                return TensorFile.Entry(
                    name: "model.multi_modal_projector.\(name).\(kind)", dtype: parts.dtype,
                    shape: shape
                ) { () throws(FormatError) in values }
            }
        }
    }
}
