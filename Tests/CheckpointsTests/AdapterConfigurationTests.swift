import Checkpoints
import FileFormats
import Foundation
import TestSupport
import Testing

struct AdapterConfigurationTests {
    private let folder: URL

    init() throws { folder = try TestFiles.scratchFolder() }

    /// Reads the smallest configuration with some keys replaced; nil removes one.
    private func read(_ changes: [String: String?]) throws -> AdapterConfiguration {
        var members: [String: String?] = [
            "peft_type": "\"LORA\"", "r": "4", "lora_alpha": "8", "target_modules": "[\"q_proj\"]",
        ]
        members.merge(changes) { $1 }
        let lines = members.compactMap { key, value in value.map { "\"\(key)\": \($0)" } }
        let text = "{\(lines.joined(separator: ", "))}"
        try Data(text.utf8).write(to: folder.appending(path: "adapter_config.json"))
        return try AdapterConfiguration(folder: folder)
    }

    @Test func defaults() throws {
        let expected = AdapterConfiguration(
            baseModel: "",
            rank: 4,
            alpha: 8,
            dropout: 0,
            rankStabilised: false,
            targets: ["q_proj"]
        )
        #expect(try read([:]) == expected)
        // What PEFT writes for "nothing".
        let nothing: [String: String?] = [
            "use_dora": "false", "modules_to_save": "null", "bias": "\"none\"",
            "lora_dropout": "null",
            "layer_replication": "null", "trainable_token_indices": "[]", "alpha_pattern": "{}",
            "init_lora_weights": "true", "base_model_name_or_path": "null",
        ]
        #expect(try read(nothing) == expected)
    }

    @Test func everything() throws {
        let changes: [String: String?] = [
            "base_model_name_or_path": "\"a/b\"", "r": "16.0", "lora_alpha": "0.5",
            "lora_dropout": "0.1", "use_rslora": "true", "target_modules": "\"all-linear\"",
            "rank_pattern": "{\"q_proj\": 2}", "alpha_pattern": "{\"layers.1.v_proj\": 1.5}",
            "init_lora_weights": "\"gaussian\"",
        ]
        let expected = AdapterConfiguration(
            baseModel: "a/b",
            rank: 16,
            alpha: 0.5,
            dropout: 0.1,
            rankStabilised: true,
            targets: ["all-linear"],
            rankPattern: ["q_proj": 2],
            alphaPattern: ["layers.1.v_proj": 1.5]
        )
        #expect(try read(changes) == expected)
    }

    @Test func readsWhatPEFTWrote() throws {
        let models = TestFiles.fixtures.appending(path: "models")
        let plain = try AdapterConfiguration(folder: models.appending(path: "tiny-lora"))
        #expect(plain.rank == 4 && plain.alpha == 8 && !plain.rankStabilised)
        #expect(plain.targets.count == 7)
        let stabilised = try AdapterConfiguration(folder: models.appending(path: "tiny-rslora"))
        #expect(stabilised.rankStabilised)
        #expect(stabilised.rankPattern == ["layers.1.self_attn.v_proj": 2])
        #expect(stabilised.alphaPattern == ["layers.1.self_attn.v_proj": 6])
        #expect(plain.taskType == .causalLM)
        let reward = try AdapterConfiguration(folder: models.appending(path: "tiny-reward"))
        #expect(reward.taskType == .sequenceClassification)
    }

    static let refused: [(key: String, value: String?, reason: String)] = [
        ("peft_type", "\"LOHA\"", "only LORA adapters are read"),
        ("peft_type", nil, "only LORA adapters are read"),
        ("use_dora", "true", "is not supported"), ("fan_in_fan_out", "true", "is not supported"),
        ("lora_bias", "true", "is not supported"), ("use_qalora", "true", "is not supported"),
        ("use_bdlora", "{\"nblocks\": 2}", "is not supported"),
        ("modules_to_save", "[\"lm_head\"]", "'lm_head' cannot be trained whole here"),
        ("modules_to_save", "[\"score\"]", "'score' cannot be trained whole here"),
        ("modules_to_save", "\"projector\"", "is not a list of names"),
        ("modules_to_save", "[1]", "is not a list of names"),
        ("task_type", "\"TOKEN_CLS\"", "'TOKEN_CLS' is not supported; CAUSAL_LM and SEQ_CLS are"),
        ("task_type", "7", "is not a text"),
        ("layer_replication", "[[0, 4], [2, 5]]", "is not supported"),
        ("trainable_token_indices", "[1]", "is not supported"),
        ("target_parameters", "[\"experts\"]", "is not supported"),
        ("alora_invocation_tokens", "[1]", "is not supported"),
        ("arrow_config", "{\"top_k\": 3}", "is not supported"),
        ("kasa_config", "{\"beta\": 1}", "is not supported"),
        ("monteclora_config", "{\"num_samples\": 1}", "is not supported"),
        ("bias", "\"all\"", "'all' is not supported; none is"),
        (
            "init_lora_weights", "\"pissa_niter_4\"",
            "'pissa_niter_4' is not supported: it changes the base model"
        ),
        ("r", nil, "is missing or no usable rank"), ("r", "0", "is missing or no usable rank"),
        ("r", "4097", "is missing or no usable rank"), ("r", "2.5", "is missing or no usable rank"),
        ("r", "\"4\"", "is missing or no usable rank"),
        ("lora_alpha", nil, "is missing or not a number"),
        ("lora_alpha", "\"8\"", "is missing or not a number"),
        ("lora_dropout", "\"0\"", "is not a number"),
        ("use_rslora", "1", "is not true or false"),
        ("target_modules", nil, "is missing or not a list of names"),
        ("target_modules", "7", "is missing or not a list of names"),
        ("target_modules", "[\"q_proj\", 7]", "is missing or not a list of names"),
        ("rank_pattern", "[]", "is not an object"),
        ("rank_pattern", "{\".*q_proj\": 2}", "regular expressions are not supported"),
        ("alpha_pattern", "{\"^q_proj\": 2}", "regular expressions are not supported"),
    ]

    @Test(arguments: refused)
    func refuses(key: String, value: String?, reason: String) {
        let error = #expect(throws: FormatError.self) { try read([key: value]) }
        #expect(error?.item == key)
        #expect(error?.reason == reason)
        #expect(error?.file == folder.appending(path: "adapter_config.json").path)
    }

    @Test(arguments: ["[\"score\"]", "[\"classifier\", \"score\"]", "null"])
    func sequenceClassification(saved: String) throws {
        let changes = ["task_type": "\"SEQ_CLS\"", "modules_to_save": saved]
        #expect(try read(changes).taskType == .sequenceClassification)
    }

    @Test(arguments: [
        ("[\"classifier\"]", "has no score head, which SEQ_CLS needs"),
        ("[\"score\", \"lm_head\"]", "'lm_head' cannot be trained whole here"),
        ("[\"score\", 1]", "is not a list of names"), ("\"score\"", "is not a list of names"),
    ])
    func refusesOtherModulesBesideTheHead(saved: String, reason: String) {
        let error = #expect(throws: FormatError.self) {
            try read(["task_type": "\"SEQ_CLS\"", "modules_to_save": saved])
        }
        #expect(error?.item == "modules_to_save")
        #expect(error?.reason == reason)
    }

    /// A text is PEFT's word for all or none, or a regular expression.
    @Test func targetsAsAText() throws {
        #expect(try read(["target_modules": "\"all-linear\""]).targets == ["all-linear"])
        let none = try read(["target_modules": "\"dummy-target-modules\""])
        #expect(none.targets.isEmpty && none.targetPattern == nil)
        let pattern = try read(["target_modules": "\".*q_proj\""])
        #expect(pattern.targets.isEmpty && pattern.targetPattern == ".*q_proj")
    }

    @Test func modulesTrainedWhole() throws {
        let whole = try read(["modules_to_save": "[\"projector\", \"merger.mlp.0\"]"])
        #expect(whole.savedModules == ["projector", "merger.mlp.0"])
        #expect(whole.saves("model.projector"))
        #expect(whole.saves("model.projector.linear_1.weight"))
        #expect(whole.saves("visual.merger.mlp.0.bias"))
        #expect(!whole.saves("visual.merger.mlp.2.bias"))
        #expect(!whole.saves("model.my_projector.weight"))
        let scored = try read([
            "task_type": "\"SEQ_CLS\"", "modules_to_save": "[\"score\", \"projector\"]",
        ])
        #expect(scored.savedModules == ["projector"])
        #expect(scored.taskType == .sequenceClassification)
    }

    @Test(arguments: ["rank_pattern", "alpha_pattern"])
    func refusesPatternsWithoutNumbers(key: String) {
        let error = #expect(throws: FormatError.self) { try read([key: "{\"q_proj\": \"2\"}"]) }
        #expect(error?.item == "\(key).q_proj")
        #expect(error?.reason == "is not a usable number")
    }

    @Test func patternsNameModulesByTheirEnd() {
        let configuration = AdapterConfiguration(
            baseModel: "",
            rank: 4,
            alpha: 8,
            dropout: 0,
            rankStabilised: false,
            targets: [],
            rankPattern: ["layers.1.q_proj": 2],
            alphaPattern: ["q_proj": 1]
        )
        #expect(configuration.size(of: "model.layers.1.q_proj") == (2, 1))
        #expect(configuration.size(of: "model.layers.11.q_proj") == (4, 1))
        #expect(configuration.size(of: "layers.1.q_proj") == (2, 1))
        #expect(configuration.size(of: "model.layers.1.xq_proj") == (4, 8))
        #expect(AdapterConfiguration.names("q_proj", "a.q_proj"))
        #expect(!AdapterConfiguration.names("q_proj", "a.k_q_proj"))
        #expect(!AdapterConfiguration.names("a", "a.q_proj"))
    }
}
