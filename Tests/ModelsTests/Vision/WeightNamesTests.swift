import Checkpoints
import FileFormats
import TestSupport
import Testing
import Torch
import TorchTestSupport

@testable import Models

struct WeightNamesTests {
    static let llava = VisionFamily.llava.earlierNames
    static let qwen = VisionFamily.qwen2VL.earlierNames
    static let names: [(WeightNames, String, String)] = [
        (llava, "language_model.lm_head.weight", "lm_head.weight"),
        (
            llava, "language_model.model.layers.0.mlp.up_proj.weight",
            "model.language_model.layers.0.mlp.up_proj.weight"
        ),
        (llava, "language_model.layers.0.x", "model.language_model.layers.0.x"),
        (
            llava, "model.layers.3.self_attn.q_proj",
            "model.language_model.layers.3.self_attn.q_proj"
        ),
        (
            llava, "vision_tower.vision_model.encoder.layers.1.mlp.fc1.bias",
            "model.vision_tower.encoder.layers.1.mlp.fc1.bias"
        ),
        (
            llava, "model.vision_tower.vision_model.pre_layrnorm.weight",
            "model.vision_tower.pre_layrnorm.weight"
        ),
        (
            llava, "vision_tower.encoder.layer.0.attention.attention.query.weight",
            "model.vision_tower.encoder.layer.0.attention.q_proj.weight"
        ),
        (
            llava, "model.vision_tower.encoder.layer.0.attention.output.dense.bias",
            "model.vision_tower.encoder.layer.0.attention.o_proj.bias"
        ),
        (
            llava, "multi_modal_projector.linear_1.weight",
            "model.multi_modal_projector.linear_1.weight"
        ),
        (llava, "language_modelled.x", "language_modelled.x"),
        (qwen, "visual.blocks.0.attn.qkv.weight", "model.visual.blocks.0.attn.qkv.weight"),
        (qwen, "model.visual.merger.ln_q.weight", "model.visual.merger.ln_q.weight"),
        (qwen, "model.embed_tokens.weight", "model.language_model.embed_tokens.weight"),
        (qwen, "model.norm.weight", "model.language_model.norm.weight"),
        (qwen, "lm_head.weight", "lm_head.weight"),
        (.unchanged, "model.layers.0.mlp.up_proj", "model.layers.0.mlp.up_proj"),
        (.tower, "vision_model.embeddings.class_embedding", "embeddings.class_embedding"),
        (.tower, "dinov2.encoder.layer.0.norm1.weight", "encoder.layer.0.norm1.weight"),
        (.tower, "embeddings.cls_token", "embeddings.cls_token"),
    ]

    @Test(arguments: names) func current(names: WeightNames, old: String, today: String) {
        #expect(names.current(old) == today)
        #expect(names.current(today) == today)
    }

    /// Two layers below each other in one tensor are two tensors today.
    @Test func fusedLayersComeApart() throws {
        startEngine()
        let url = try TestFiles.scratchFolder().appending(path: "model.safetensors")
        let name = "vision_tower.encoder.layer.0.mlp.weights_in.weight"
        try TensorFile.write([(name, Tensor(rows: [[1], [2], [3], [4]]))], to: url)
        let weights = try RenamedWeights(SafetensorsWeights(url: url), Self.llava)
        let layer = "model.vision_tower.encoder.layer.0.mlp"
        #expect(weights.names == ["\(layer).gate_proj.weight", "\(layer).up_proj.weight"])
        #expect(weights.shape(of: weights.names[0]) == [2, 1])
        let parts = try weights.names.map { name throws(FormatError) in
            try weights.tensor(name, as: .float32).values(Float.self)
        }
        #expect(parts == [[1, 2], [3, 4]])
        #expect(weights.shape(of: name) == nil)
        #expect(try weights.dtype(of: weights.names[1]) == .float32)
        let missing = #expect(throws: FormatError.self) { try weights.tensor("x", as: .float32) }
        #expect(missing?.item == "x")
    }
}
