import Torch

/// The names that checkpoints had before transformers 4.52, and DINOv2's before 5.
enum OldNames {
    static func of(_ tensors: [String: Tensor]) -> [String: Tensor] {
        let isQwen = tensors.keys.contains { $0.hasPrefix("model.visual.") }
        var result: [String: Tensor] = [:]
        for (name, tensor) in tensors { result[isQwen ? ofQwen(name) : of(name)] = tensor }
        return fused(result)
    }

    /// Qwen2-VL's text stood at the top, as a text model's does.
    private static func ofQwen(_ name: String) -> String {
        name.replacing("model.visual.", with: "visual.")
            .replacing("model.language_model.", with: "model.")
    }

    private static let starts = [
        ("lm_head", "language_model.lm_head"),
        ("model.language_model", "language_model.model"),
        ("model.multi_modal_projector", "multi_modal_projector"),
        ("model.vision_tower", "vision_tower"),
    ]

    private static let inDinov2 = [
        ("attention.q_proj", "attention.attention.query"),
        ("attention.k_proj", "attention.attention.key"),
        ("attention.v_proj", "attention.attention.value"),
        ("attention.o_proj", "attention.output.dense"), ("mlp.down_proj", "mlp.weights_out"),
    ]

    static func of(_ name: String) -> String {
        guard let (new, old) = starts.first(where: { name.hasPrefix("\($0.0).") }) else {
            return name
        }
        let rest = name.dropFirst(new.count + 1)
        if !old.hasPrefix("vision_tower") { return "\(old).\(rest)" }
        // CLIP and SigLIP have a `self_attn`, or stand beside one; DINOv2 calls its layers `layer`.
        let isDinov2 =
            rest.hasPrefix("encoder.layer.") || rest.hasPrefix("layernorm")
            || rest.contains("token") || rest.contains("patch_embeddings")
            || rest.contains("position_embeddings")
        guard isDinov2 else { return "vision_tower.vision_model.\(rest)" }
        return inDinov2.reduce("vision_tower.\(rest)") { name, pair in
            name.replacing(".\(pair.0).", with: ".\(pair.1).")
        }
    }

    /// gate and up of DINOv2's tower below each other.
    private static func fused(_ tensors: [String: Tensor]) -> [String: Tensor] {
        var tensors = tensors
        for (name, gate) in tensors
        where name.hasPrefix("vision_tower.") && name.contains(".gate_proj.") {
            let other = name.replacing(".gate_proj.", with: ".up_proj.")
            guard let up = tensors.removeValue(forKey: other) else { continue }
            tensors[name] = nil
            tensors[name.replacing(".gate_proj.", with: ".weights_in.")] = .cat([gate, up])
        }
        return tensors
    }
}
