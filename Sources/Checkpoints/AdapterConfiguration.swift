import FileFormats
import Foundation
import Records

/// What an adapted model does, as PEFT's `task_type`.
public enum AdapterTask: String, Sendable, Hashable {
    /// Continues text.
    case causalLM = "CAUSAL_LM"
    /// Gives a sequence one score; its head is saved with the adapter.
    case sequenceClassification = "SEQ_CLS"
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
    /// A regular expression that a module's whole path must match, in place of `targets`.
    public var targetPattern: String?
    /// PEFT's `modules_to_save`: modules that are trained whole, named as in `targets`; but for the
    /// score head, which goes with the task.
    public var savedModules: [String]

    public init(
        baseModel: String, rank: Int, alpha: Double, dropout: Double, rankStabilised: Bool,
        targets: [String], rankPattern: [String: Int] = [:], alphaPattern: [String: Double] = [:],
        taskType: AdapterTask = .causalLM, targetPattern: String? = nil,
        savedModules: [String] = []
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
        self.targetPattern = targetPattern
        self.savedModules = savedModules
    }

    /// Rank and alpha of one module, patterns applied.
    public func size(of module: String) -> (rank: Int, alpha: Double) {
        let rank = Self.match(module, rankPattern) ?? rank
        return (rank, Self.match(module, alphaPattern) ?? alpha)
    }

    /// The factor before B A of one module.
    public func scale(of module: String) -> Double {
        let size = size(of: module)
        return rankStabilised
            ? size.alpha / Double(size.rank).squareRoot() : size.alpha / Double(size.rank)
    }

    /// Whether `name` means the module at `path`: the whole path, or its end at a dot.
    public static func names(_ name: String, _ path: String) -> Bool {
        path == name || path.hasSuffix(".\(name)")
    }

    /// Whether `name` means the module or tensor at `path`, or one that it is part of.
    public static func names(_ name: String, above path: String) -> Bool {
        ".\(path).".contains(".\(name).")
    }

    /// Whether a module or tensor is trained whole, by itself or as part of another.
    public func saves(_ path: String) -> Bool {
        savedModules.contains { Self.names($0, above: path) }
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
            "target_modules": targetModules,
            "bias": .string("none"), "fan_in_fan_out": .bool(false),
            "use_rslora": .bool(rankStabilised), "use_dora": .bool(false),
            "modules_to_save": modulesToSave, "inference_mode": .bool(true),
            "rank_pattern": .object(rankPattern.mapValues(JSONValue.integer)),
            "alpha_pattern": .object(alphaPattern.mapValues(JSONValue.number)),
            "init_lora_weights": .bool(true), "layers_to_transform": .null,
            "layers_pattern": .null, "auto_mapping": .null, "revision": .null,
        ])
    }

    /// PEFT's word for a configuration without low-rank adapters.
    static let noTargets = "dummy-target-modules"

    private var targetModules: JSONValue {
        if let targetPattern { return .string(targetPattern) }
        return targets.isEmpty
            ? .string(Self.noTargets) : .array(targets.sorted().map(JSONValue.string))
    }

    private var modulesToSave: JSONValue {
        let score = taskType == .sequenceClassification ? ["score"] : []
        let names = (savedModules + score).sorted()
        return names.isEmpty ? .null : .array(names.map(JSONValue.string))
    }
}
