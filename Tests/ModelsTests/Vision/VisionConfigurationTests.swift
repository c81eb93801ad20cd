import FileFormats
import Foundation
import Records
import TestSupport
import Testing

@testable import Models

struct VisionConfigurationTests {
    private let folder: URL

    init() throws { folder = try TestFiles.scratchFolder() }

    private func read(_ text: String) throws -> ModelConfiguration {
        let url = folder.appending(path: "config.json")
        try Data(text.utf8).write(to: url)
        return try ModelConfiguration(huggingFace: url)
    }

    /// What llava-hf/llava-1.5-7b-hf says; the rest is as in transformers' classes.
    @Test func llava15() throws {
        let model = try read(
            """
            {"architectures": ["LlavaForConditionalGeneration"], "ignore_index": -100,
             "image_token_index": 32000, "model_type": "llava", "pad_token_id": 32001,
             "projector_hidden_act": "gelu", "tie_word_embeddings": false,
             "text_config": {"_name_or_path": "lmsys/vicuna-7b-v1.5",
              "architectures": ["LlamaForCausalLM"], "max_position_embeddings": 4096,
              "model_type": "llama", "rms_norm_eps": 1e-05, "torch_dtype": "float16",
              "vocab_size": 32064},
             "vision_config": {"hidden_size": 1024, "image_size": 336, "intermediate_size": 4096,
              "model_type": "clip_vision_model", "num_attention_heads": 16,
              "num_hidden_layers": 24, "patch_size": 14, "projection_dim": 768,
              "vocab_size": 32000},
             "vision_feature_layer": -2, "vision_feature_select_strategy": "default",
             "vocab_size": 32064}
            """)
        let text = model.text
        #expect(
            [text.hiddenSize, text.layers, text.heads, text.keyValueHeads]
                == ([4096, 32, 32, 32] as [Int]))
        #expect(
            [text.intermediateSize, text.vocabularySize, text.headSize]
                == ([11_008, 32_064, 128] as [Int]))
        #expect(text.maximumPositions == 4096 && text.normEpsilon == 1e-5 && !text.tiedEmbeddings)
        #expect(
            text.ropeTheta == 10_000 && !text.block.attentionBias && text.multimodalSections == nil)
        let vision = try #require(model.vision)
        guard case .transformer(let tower) = vision.tower else {
            Issue.record("not a transformer")
            return
        }
        #expect(tower.kind == .clip && tower.activation == .quickGelu && tower.normEpsilon == 1e-5)
        #expect(
            [tower.hiddenSize, tower.layers, tower.heads]
                == ([1024, 24, 16] as [Int]))
        #expect(vision.featureLayers == [23] && vision.dropsFirstRow)
        #expect(vision.imageTokenID == 32_000 && vision.projector == .init())
        // 24 x 24 patches of 14 pixels, the class token left out.
        let grid = ImageGrid(height: 24, width: 24)
        #expect(vision.tokens(patches: grid) == grid)
        #expect(vision.patchRows(patches: grid) == 0..<576)
    }

    /// A file that says nothing but what it is: `LlavaConfig()`.
    @Test func llavaOfDefaults() throws {
        let model = try read("{\"model_type\": \"llava\"}")
        #expect(model.text.vocabularySize == 32_000 && model.text.normEpsilon == 1e-6)
        #expect(model.text.maximumPositions == 2048)
        guard case .transformer(let tower)? = model.vision?.tower else {
            Issue.record("not a transformer")
            return
        }
        #expect(
            [tower.hiddenSize, tower.intermediateSize, tower.layers]
                == ([1024, 4096, 24] as [Int]))
        #expect(
            [tower.imageSize, tower.patchSize, tower.heads]
                == ([336, 14, 16] as [Int]))
    }

    /// Each tower by nothing but its name, and Qwen2 as decoder.
    @Test(arguments: [
        ("clip_vision_model", [768, 3072, 12, 12, 224, 32, 0], Activation.quickGelu, 1e-5),
        ("siglip_vision_model", [768, 3072, 12, 12, 224, 16, 0], .geluTanh, 1e-6),
        ("dinov2", [768, 3072, 12, 12, 224, 14, 0], .gelu, 1e-6),
        ("dinov2_with_registers", [768, 3072, 12, 12, 224, 16, 4], .gelu, 1e-6),
    ])
    func towersOfDefaults(
        type: String, sizes: [Int], activation: Activation, epsilon: Double
    ) throws {
        let model = try read(
            """
            {"model_type": "llava", "vision_config": {"model_type": "\(type)"},
             "text_config": {"model_type": "qwen2"}, "vision_feature_layer": [3, -1]}
            """)
        guard case .transformer(let tower)? = model.vision?.tower else {
            Issue.record("not a transformer")
            return
        }
        #expect(tower.kind.rawValue == type && tower.activation == activation)
        #expect(
            [
                tower.hiddenSize, tower.intermediateSize, tower.layers, tower.heads,
                tower.imageSize, tower.patchSize, tower.registers,
            ] == sizes)
        #expect(tower.normEpsilon == epsilon)
        #expect(model.vision?.featureLayers == ([3, 12] as [Int]))
        #expect(model.text.intermediateSize == 22_016 && model.text.vocabularySize == 151_936)
        #expect(model.text.block.attentionBias && !model.text.block.attentionOutputBias)
    }

    /// What Qwen/Qwen2.5-VL-3B-Instruct says, text settings at the top.
    @Test func qwen25() throws {
        let model = try read(
            """
            {"architectures": ["Qwen2_5_VLForConditionalGeneration"], "attention_dropout": 0.0,
             "eos_token_id": 151645, "vision_start_token_id": 151652, "image_token_id": 151655,
             "hidden_act": "silu", "hidden_size": 2048, "intermediate_size": 11008,
             "max_position_embeddings": 128000, "max_window_layers": 70,
             "model_type": "qwen2_5_vl", "num_attention_heads": 16, "num_hidden_layers": 36,
             "num_key_value_heads": 2, "rms_norm_eps": 1e-06, "rope_theta": 1000000.0,
             "sliding_window": 32768, "tie_word_embeddings": true, "use_sliding_window": false,
             "vision_config": {"depth": 32, "hidden_act": "silu", "hidden_size": 1280,
              "intermediate_size": 3420, "num_heads": 16, "in_chans": 3, "out_hidden_size": 2048,
              "patch_size": 14, "spatial_merge_size": 2, "spatial_patch_size": 14,
              "window_size": 112, "fullatt_block_indexes": [7, 15, 23, 31],
              "tokens_per_second": 2, "temporal_patch_size": 2},
             "rope_scaling": {"type": "mrope", "mrope_section": [16, 24, 24]},
             "vocab_size": 151936}
            """)
        let text = model.text
        #expect(
            [text.hiddenSize, text.layers, text.keyValueHeads]
                == ([2048, 36, 2] as [Int]))
        #expect(text.multimodalSections == [16, 24, 24] && text.ropeTheta == 1_000_000)
        #expect(text.tiedEmbeddings && text.ropeScaling == nil)
        #expect(text.block.attentionBias && !text.block.attentionOutputBias)
        guard case .qwen(let tower)? = model.vision?.tower else {
            Issue.record("not a Qwen tower")
            return
        }
        #expect(
            [tower.hiddenSize, tower.layers, tower.intermediateSize]
                == ([1280, 32, 3420] as [Int]))
        #expect(tower.windows == .init(size: 112, fullLayers: [7, 15, 23, 31]))
        let grid = ImageGrid(height: 26, width: 36)
        let tokens = ImageGrid(height: 13, width: 18)
        #expect(model.vision?.tokens(patches: grid) == tokens)
        #expect(model.vision?.imageTokenID == 151_655)
    }

    /// What Qwen/Qwen2-VL-2B-Instruct says.
    @Test func qwen2() throws {
        let model = try read(
            """
            {"hidden_size": 1536, "intermediate_size": 8960, "model_type": "qwen2_vl",
             "max_position_embeddings": 32768, "num_attention_heads": 12,
             "num_hidden_layers": 28, "num_key_value_heads": 2, "rms_norm_eps": 1e-06,
             "rope_theta": 1000000.0, "tie_word_embeddings": true, "vocab_size": 151936,
             "rope_scaling": {"type": "mrope", "mrope_section": [16, 24, 24]},
             "vision_config": {"depth": 32, "embed_dim": 1280, "mlp_ratio": 4, "num_heads": 16,
              "in_chans": 3, "hidden_size": 1536, "patch_size": 14, "spatial_merge_size": 2,
              "spatial_patch_size": 14, "temporal_patch_size": 2}}
            """)
        guard case .qwen(let tower)? = model.vision?.tower else {
            Issue.record("not a Qwen tower")
            return
        }
        #expect(tower.windows == nil && tower.activation == .quickGelu)
        #expect(
            [tower.intermediateSize, tower.outputWidth]
                == ([5120, 1536] as [Int]))
        #expect(model.text.headSize == 128)
    }

    static let refused: [(text: String, item: String, reason: String)] = [
        (
            "{\"model_type\": \"mllama\"}", "model_type",
            "'mllama' is not supported; llama, qwen2, qwen3, smollm3, stablelm, gemma2, llava, "
                + "qwen2_vl and qwen2_5_vl are"
        ),
        (
            "{\"model_type\": \"llava\", \"text_config\": {\"model_type\": \"gemma\"}}",
            "text_config.model_type",
            "'gemma' is not supported; llama, qwen2, qwen3, smollm3, stablelm and gemma2 are"
        ),
        (
            "{\"model_type\": \"llava\", \"text_config\": []}", "text_config", "is not an object"
        ),
        (
            "{\"model_type\": \"llava\", \"vision_config\": {\"model_type\": \"vit\"}}",
            "vision_config.model_type",
            "'vit' is no tower; there are clip_vision_model, siglip_vision_model, dinov2, "
                + "dinov2_with_registers"
        ),
        (
            "{\"model_type\": \"llava\", \"vision_config\": {\"hidden_size\": 100}}",
            "vision_config.hidden_size", "100 is no multiple of 12 heads"
        ),
        (
            "{\"model_type\": \"llava\", \"vision_config\": {\"patch_size\": [14, 16]}}",
            "vision_config.patch_size", "[14, 16] is not the side of a square"
        ),
        (
            "{\"model_type\": \"llava\", \"vision_config\": {\"image_size\": 20}}",
            "vision_config.image_size", "20 is less than one patch"
        ),
        (
            "{\"model_type\": \"llava\", \"vision_feature_layer\": 25}", "vision_feature_layer",
            "is not a layer of a tower with 24"
        ),
        (
            "{\"model_type\": \"llava\", \"vision_feature_layer\": []}", "vision_feature_layer",
            "is not a layer of a tower with 24"
        ),
        (
            "{\"model_type\": \"llava\", \"vision_feature_select_strategy\": \"cls\"}",
            "vision_feature_select_strategy", "'cls' is not supported; default and full are"
        ),
        (
            "{\"model_type\": \"llava\", \"projector_hidden_act\": \"tanh\"}",
            "projector_hidden_act",
            "'tanh' is not supported; gelu, gelu_pytorch_tanh, quick_gelu, silu, relu are"
        ),
        (
            "{\"model_type\": \"llava\", \"image_token_index\": -1}", "image_token_index",
            "-1 is no token id"
        ),
        (
            "{\"model_type\": \"qwen2_vl\", \"rope_scaling\": {\"mrope_section\": [16, 24]}}",
            "rope_scaling.mrope_section", "is not a list of three whole numbers"
        ),
        (
            "{\"model_type\": \"qwen2_vl\", \"rope_scaling\": {\"mrope_section\": [16, 24, 23]}}",
            "rope_scaling.mrope_section", "[16, 24, 23] are not the 64 frequencies of a head"
        ),
        (
            "{\"model_type\": \"qwen2_5_vl\", \"vision_config\": {\"window_size\": 8}}",
            "vision_config.window_size", "0 is no usable size"
        ),
        (
            "{\"model_type\": \"qwen2_5_vl\", \"vision_config\": {\"num_heads\": 3}}",
            "vision_config.num_heads", "3 heads of 3584 have no halves for rows and columns"
        ),
        (
            "{\"model_type\": \"llava\", \"text_config\": {\"use_sliding_window\": true}}",
            "text_config.use_sliding_window", "is not supported"
        ),
    ]

    @Test(arguments: refused) func refuses(text: String, item: String, reason: String) {
        let error = #expect(throws: FormatError.self) { try read(text) }
        #expect(error?.item == item)
        #expect(error?.reason == reason)
        #expect(error?.file == folder.appending(path: "config.json").path)
    }
}
