import FileFormats
import Foundation
import Records

/// PEFT's `adapter_config.json` on its way in: what would change the numbers and is not honoured
/// here is an error, never passed over.
struct AdapterConfigurationFile {
    private let path: String
    private let json: JSONValue

    init(_ file: URL) throws(FormatError) {
        path = file.path
        json = try JSONDocument.read(file)
    }

    func configuration() throws(FormatError) -> AdapterConfiguration {
        try refuseOtherMethods()
        guard let rank = json["r"]?.integer, Self.ranks.contains(rank) else {
            throw fail("r", "is missing or no usable rank")
        }
        guard let alpha = json["lora_alpha"]?.number else {
            throw fail("lora_alpha", "is missing or not a number")
        }
        let (task, targets) = (try task(), try targets())
        return AdapterConfiguration(
            baseModel: json["base_model_name_or_path"]?.string ?? "",
            rank: rank,
            alpha: alpha,
            dropout: try optional("lora_dropout", "a number", \.number) ?? 0,
            rankStabilised: try optional("use_rslora", "true or false", \.bool) ?? false,
            targets: targets.names,
            rankPattern: try pattern("rank_pattern") { value in
                value.integer.flatMap { Self.ranks.contains($0) ? $0 : nil }
            },
            alphaPattern: try pattern("alpha_pattern", \.number),
            taskType: task,
            targetPattern: targets.pattern,
            savedModules: try savedModules(task)
        )
    }

    private static let ranks = 1...4096

    /// Variants of LoRA that compute something else.
    private static let unsupported = [
        "use_dora", "fan_in_fan_out", "lora_bias", "use_qalora", "use_bdlora", "layer_replication",
        "trainable_token_indices", "target_parameters", "alora_invocation_tokens", "arrow_config",
        "kasa_config", "monteclora_config",
    ]

    /// Initialisations that leave the base model's weights alone; the others (PiSSA, OLoRA, ...)
    /// belong to a base model with weights of its own.
    private static let plainStarts = ["gaussian", "eva", "orthogonal"]

    private func refuseOtherMethods() throws(FormatError) {
        guard json["peft_type"]?.string == "LORA" else {
            throw fail("peft_type", "only LORA adapters are read")
        }
        for key in Self.unsupported where isSet(key) { throw fail(key, "is not supported") }
        if let bias = json["bias"]?.string, bias != "none" {
            throw fail("bias", "'\(bias)' is not supported; none is")
        }
        if let start = json["init_lora_weights"]?.string, !Self.plainStarts.contains(start) {
            throw fail(
                "init_lora_weights",
                "'\(start)' is not supported: it changes the base model"
            )
        }
    }

    private func task() throws(FormatError) -> AdapterTask {
        let name = try optional("task_type", "a text", \.string) ?? AdapterTask.causalLM.rawValue
        guard let task = AdapterTask(rawValue: name) else {
            throw fail("task_type", "'\(name)' is not supported; CAUSAL_LM and SEQ_CLS are")
        }
        return task
    }

    /// Modules that are trained whole, but for the score head.
    private func savedModules(_ task: AdapterTask) throws(FormatError) -> [String] {
        guard isSet("modules_to_save") else { return [] }
        let names = json["modules_to_save"]?.array ?? []
        let texts = names.compactMap(\.string)
        guard !names.isEmpty, texts.count == names.count else {
            throw fail("modules_to_save", "is not a list of names")
        }
        let isScored = task == .sequenceClassification
        if isScored, !texts.contains("score") {
            throw fail("modules_to_save", "has no score head, which SEQ_CLS needs")
        }
        let rest = texts.filter { !isScored || !Self.headNames.contains($0) }
        if let name = rest.first(where: Self.headNames.union(Self.vocabulary).contains) {
            throw fail("modules_to_save", "'\(name)' cannot be trained whole here")
        }
        return rest
    }

    /// What PEFT calls the head of a sequence classification model; of these, Llama has `score`.
    private static let headNames: Set<String> = ["classifier", "score"]

    /// Layers of the size of the vocabulary, which stay as they are.
    private static let vocabulary: Set<String> = ["lm_head", "embed_tokens"]

    /// Whether the key is there and says more than no, nothing or an empty list.
    private func isSet(_ key: String) -> Bool {
        switch json[key] {
        case nil, .null?, .bool(false)?, .array([])?, .object([:])?: false
        default: true
        }
    }

    /// A list of names, or a text: one of PEFT's two words, or a regular expression.
    private func targets() throws(FormatError) -> (names: [String], pattern: String?) {
        switch json["target_modules"] {
        case .string(AdapterConfiguration.noTargets)?, .array([])?: return ([], nil)
        case .string("all-linear")?: return (["all-linear"], nil)
        case .string(let pattern)?: return ([], pattern)
        case .array(let names)?:
            let texts = names.compactMap(\.string)
            if texts.count == names.count { return (texts, nil) }
        default: break
        }
        throw fail("target_modules", "is missing or not a list of names")
    }

    /// Numbers by module name.
    ///
    /// PEFT takes regular expressions too; names are all that is read here.
    private func pattern<Value>(
        _ key: String,
        _ convert: (JSONValue) -> Value?
    ) throws(FormatError) -> [String: Value] {
        var result: [String: Value] = [:]
        for (name, value) in try optional(key, "an object", \.object) ?? [:] {
            guard name.allSatisfy({ $0.isLetter || $0.isNumber || "._-".contains($0) }) else {
                throw fail(key, "regular expressions are not supported")
            }
            guard let value = convert(value) else {
                throw fail("\(key).\(name)", "is not a usable number")
            }
            result[name] = value
        }
        return result
    }

    private func optional<Value>(
        _ key: String,
        _ kind: String,
        _ convert: (JSONValue) -> Value?
    ) throws(FormatError) -> Value? {
        guard let value = json[key], value != .null else { return nil }
        guard let converted = convert(value) else { throw fail(key, "is not \(kind)") }
        return converted
    }

    private func fail(_ key: String, _ reason: String) -> FormatError {
        FormatError(file: path, item: key, reason: reason)
    }
}
