import FileFormats
import Foundation
import Generation
import Images
import Randomness
import Records
import TorchTestSupport

/// A folder with a model of LLaVA's shape and random weights: SigLIP's tower for images of 16 x 16
/// pixels in 4 x 4 patches, two layers each, bytes for tokens.
package enum TinyVLM {
    package static let side = 16

    /// A model in a folder that the caller removes.
    package static func model(in folder: URL) throws -> LanguageModel {
        try model(in: folder, configuration, processor, weights)
    }

    /// The same with one weight that is no number: of a token's embedding it spoils the prompts
    /// that have this token, of the last layer's row every prediction.
    package static func model(
        in folder: URL, withNaNAt element: Int, of tensor: String
    ) throws -> LanguageModel {
        try model(in: folder, configuration, processor, weights, spoilt: (tensor, element))
    }

    /// The tensor with an embedding of 32 values for each byte.
    package static let embeddings = "model.language_model.embed_tokens.weight"

    /// A model of these weights, drawn by chance, and a byte a token.
    static func model(
        in folder: URL, _ configuration: JSONValue, _ processor: JSONValue,
        _ weights: [(String, [Int])], spoilt: (tensor: String, element: Int)? = nil
    ) throws -> LanguageModel {
        startEngine()
        for (name, value) in [
            ("config.json", configuration), ("preprocessor_config.json", processor),
            ("tokenizer.json", tokenizer), ("tokenizer_config.json", tokenizerSettings),
        ] {
            try JSONEncoder().encode(value).write(to: folder.appending(path: name))
        }
        var stream = RandomStream(seed: 4)
        let sources = weights.map { name, shape in
            var values = (0..<shape.reduce(1, *)).map { _ in
                name.contains("norm") && name.hasSuffix("weight")
                    ? Float(1) : Float(stream.uniform() - 0.5)
            }
            if let spoilt, spoilt.tensor == name { values[spoilt.element] = .nan }
            return SafetensorsSource(name: name, dtype: .f32, shape: shape) { sink in
                try values.withUnsafeBytes { try sink($0) }
            }
        }
        try Safetensors.write(sources, to: folder.appending(path: "model.safetensors"))
        return try LanguageModel.load(folder, dtype: .float32, device: .cpu)
    }

    /// Colours by chance, others for each number.
    package static func picture(_ number: Int) -> RGBImage {
        var stream = RandomStream(seed: UInt64(number) + 11)
        return RGBImage(
            width: side, height: side,
            pixels: (0..<(side * side * 3)).map { _ in UInt8(20 + stream.next(below: 216)) })
    }

    private static let text: [String: JSONValue] = [
        "vocab_size": 258, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
        "num_key_value_heads": 1, "intermediate_size": 24, "max_position_embeddings": 1024,
        "rope_theta": 10000,
    ].mapValues(JSONValue.integer).merging([
        "model_type": .string("llama"), "rms_norm_eps": .number(1e-5),
        "tie_word_embeddings": .bool(false), "hidden_act": .string("silu"),
    ]) { $1 }

    private static let vision: [String: JSONValue] = [
        "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
        "intermediate_size": 20, "image_size": side, "patch_size": 4,
    ].mapValues(JSONValue.integer).merging(["model_type": .string("siglip_vision_model")]) { $1 }

    private static let configuration = JSONValue.object([
        "model_type": .string("llava"), "text_config": .object(text),
        "vision_config": .object(vision), "image_token_index": .integer(257),
        "vision_feature_layer": .integer(-1),
        "vision_feature_select_strategy": .string("full"),
    ])

    private static let processor = JSONValue.object([
        "image_processor_type": .string("SiglipImageProcessor"),
        "size": .object(["height": .integer(side), "width": .integer(side)]),
    ])

    private static let tokenizerSettings = JSONValue.object([
        "eos_token": .string("</s>"), "tokenizer_class": .string("PreTrainedTokenizerFast"),
        "chat_template": .string(
            "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}"
                + "{% if add_generation_prompt %}assistant: {% endif %}"),
    ])

    /// A byte a token, spelled as GPT-2 does.
    private static let tokenizer: JSONValue = {
        var vocabulary: [String: JSONValue] = [:]
        var extra: UInt32 = 256
        for byte in 0..<256 {
            let isPrinted = [33...126, 161...172, 174...255].contains { $0.contains(byte) }
            let scalar = UnicodeScalar(isPrinted ? UInt32(byte) : extra)
            if !isPrinted { extra += 1 }
            vocabulary[scalar.map { String($0) } ?? ""] = .integer(byte)
        }
        let byteLevel = JSONValue.object([
            "type": .string("ByteLevel"), "add_prefix_space": .bool(false),
            "trim_offsets": .bool(true), "use_regex": .bool(true),
        ])
        let added = [(256, "</s>"), (257, "<image>")].map { id, content in
            JSONValue.object([
                "id": .integer(id), "content": .string(content), "special": .bool(true),
                "single_word": .bool(false), "lstrip": .bool(false), "rstrip": .bool(false),
                "normalized": .bool(false),
            ])
        }
        return .object([
            "version": .string("1.0"), "truncation": .null, "padding": .null,
            "added_tokens": .array(added), "normalizer": .null, "pre_tokenizer": byteLevel,
            "post_processor": .null, "decoder": byteLevel,
            "model": .object([
                "type": .string("BPE"), "dropout": .null, "unk_token": .null,
                "vocab": .object(vocabulary), "merges": .array([]),
            ]),
        ])
    }()

    private static let weights: [(String, [Int])] = {
        func linear(_ name: String, _ output: Int, _ input: Int) -> [(String, [Int])] {
            [("\(name).weight", [output, input]), ("\(name).bias", [output])]
        }
        let tower = "model.vision_tower."
        let towerLayers = (0..<2).flatMap { layer -> [(String, [Int])] in
            let place = "\(tower)encoder.layers.\(layer)."
            let attention = ["q_proj", "k_proj", "v_proj", "out_proj"].flatMap {
                linear("\(place)self_attn.\($0)", 16, 16)
            }
            let norms = ["layer_norm1", "layer_norm2"].flatMap { name in
                [("\(place)\(name).weight", [16]), ("\(place)\(name).bias", [16])]
            }
            return attention + norms + linear("\(place)mlp.fc1", 20, 16)
                + linear("\(place)mlp.fc2", 16, 20)
        }
        let textLayers = (0..<2).flatMap { layer -> [(String, [Int])] in
            let place = "model.language_model.layers.\(layer)."
            return [
                ("self_attn.q_proj.weight", [32, 32]), ("self_attn.k_proj.weight", [16, 32]),
                ("self_attn.v_proj.weight", [16, 32]), ("self_attn.o_proj.weight", [32, 32]),
                ("mlp.gate_proj.weight", [24, 32]), ("mlp.up_proj.weight", [24, 32]),
                ("mlp.down_proj.weight", [32, 24]), ("input_layernorm.weight", [32]),
                ("post_attention_layernorm.weight", [32]),
            ].map { (place + $0.0, $0.1) }
        }
        return [
            ("\(tower)embeddings.patch_embedding.weight", [16, 3, 4, 4]),
            ("\(tower)embeddings.patch_embedding.bias", [16]),
            ("\(tower)embeddings.position_embedding.weight", [16, 16]),
        ] + towerLayers + linear("model.multi_modal_projector.linear_1", 32, 16)
            + linear("model.multi_modal_projector.linear_2", 32, 32) + [
                ("model.language_model.embed_tokens.weight", [258, 32]),
                ("model.language_model.norm.weight", [32]), ("lm_head.weight", [258, 32]),
            ] + textLayers
    }()
}
