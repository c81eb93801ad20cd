import FileFormats
import Foundation
import Records

/// What an adapted model does, as PEFT's `task_type`.
public enum AdapterTask: String, Sendable, Hashable {
    /// Continues text.
    case causalLM = "CAUSAL_LM"
    /// Gives a sequence one score; its head is saved with the adapter.
    case sequenceClassification = "SEQ_CLS"

    /// PEFT's `modules_to_save`: layers that are trained whole.
    var savedModules: JSONValue {
        self == .sequenceClassification ? .array([.string("score")]) : .null
    }
}

/// PEFT's `adapter_config.json` of a LoRA adapter (PEFT 0.21).
public struct AdapterConfiguration: Sendable, Hashable {
    public var baseModel: String
    public var rank: Int
    public var alpha: Double
    public var dropout: Double
    public var rankStabilised: Bool
    /// Names of modules, each the whole path or its last parts.
    public var targets: [String]
    /// Ranks and alphas that differ, by module name as in `targets`.
    public var rankPattern: [String: Int]
    public var alphaPattern: [String: Double]
    public var taskType: AdapterTask

    public init(
        baseModel: String, rank: Int, alpha: Double, dropout: Double, rankStabilised: Bool,
        targets: [String], rankPattern: [String: Int] = [:], alphaPattern: [String: Double] = [:],
        taskType: AdapterTask = .causalLM
    ) {
        self.baseModel = baseModel
        self.rank = rank
        self.alpha = alpha
        self.dropout = dropout
        self.rankStabilised = rankStabilised
        self.targets = targets
        self.rankPattern = rankPattern
        self.alphaPattern = alphaPattern
        self.taskType = taskType
    }

    /// Rank and alpha of one module, patterns applied.
    public func size(of module: String) -> (rank: Int, alpha: Double) {
        let rank = Self.match(module, rankPattern) ?? rank
        return (rank, Self.match(module, alphaPattern) ?? alpha)
    }

    /// Whether `name` means the module at `path`: the whole path, or its end at a dot.
    public static func names(_ name: String, _ path: String) -> Bool {
        path == name || path.hasSuffix(".\(name)")
    }

    private static func match<Value>(_ module: String, _ pattern: [String: Value]) -> Value? {
        pattern.sorted { $0.key < $1.key }.first { names($0.key, module) }?.value
    }
}

extension AdapterConfiguration {
    static let fileName = "adapter_config.json"

    /// - Throws: ``FormatError`` that names the key this program cannot honour.
    public init(folder: URL) throws(FormatError) {
        self = try AdapterConfigurationFile(folder.appending(path: Self.fileName)).configuration()
    }

    /// The file as PEFT writes it.
    var json: JSONValue {
        .object([
            "peft_type": .string("LORA"), "task_type": .string(taskType.rawValue),
            "base_model_name_or_path": .string(baseModel), "r": .integer(rank),
            "lora_alpha": .number(alpha), "lora_dropout": .number(dropout),
            "target_modules": .array(targets.sorted().map(JSONValue.string)),
            "bias": .string("none"), "fan_in_fan_out": .bool(false),
            "use_rslora": .bool(rankStabilised), "use_dora": .bool(false),
            "modules_to_save": taskType.savedModules, "inference_mode": .bool(true),
            "rank_pattern": .object(rankPattern.mapValues(JSONValue.integer)),
            "alpha_pattern": .object(alphaPattern.mapValues(JSONValue.number)),
            "init_lora_weights": .bool(true), "layers_to_transform": .null,
            "layers_pattern": .null, "auto_mapping": .null, "revision": .null,
        ])
    }
}
