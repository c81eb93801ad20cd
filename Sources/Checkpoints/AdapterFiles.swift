import FileFormats
import Foundation
import Torch

/// The two files of a PEFT adapter: its configuration and its weights.
public enum AdapterFiles {
    static let weightsName = "adapter_model.safetensors"
    private static let prefix = "base_model.model."
    private static let scoreName = "\(prefix)score.weight"

    /// One adapted module.
    public struct Module {
        /// Path as in the base model, such as `model.layers.0.self_attn.q_proj`.
        public let path: String
        /// [r, in], f32
        public let a: Tensor
        /// [out, r], f32
        public let b: Tensor

        public init(path: String, a: Tensor, b: Tensor) {
            self.path = path
            self.a = a
            self.b = b
        }
    }

    /// A tensor of a module that was trained whole.
    public struct SavedTensor {
        /// Path as in the base model, such as `model.multi_modal_projector.linear_1.weight`.
        public let name: String
        public let tensor: Tensor

        public init(name: String, tensor: Tensor) {
            self.name = name
            self.tensor = tensor
        }
    }

    /// Writes both files into an existing folder.
    ///
    /// - Parameters:
    ///   - score: the head [1, D] of a SEQ_CLS adapter; nil for CAUSAL_LM.
    ///   - saved: what was trained whole besides, named by the configuration.
    /// - Throws: ``FormatError`` when the disk refuses; no half-written file is left.
    public static func write(
        _ configuration: AdapterConfiguration, _ modules: [Module], score: Tensor? = nil,
        saved: [SavedTensor] = [], to folder: URL
    ) throws(FormatError) {
        precondition(
            (score != nil) == (configuration.taskType == .sequenceClassification),
            "a score head goes with SEQ_CLS, and only with it")
        precondition(
            saved.isEmpty == configuration.savedModules.isEmpty
                && saved.allSatisfy { configuration.saves($0.name) },
            "modules trained whole go with their names, and only with them")
        let tensors = modules.flatMap { module in
            [
                ("\(prefix)\(module.path).lora_A.weight", module.a),
                ("\(prefix)\(module.path).lora_B.weight", module.b),
            ]
        }
        let whole = saved.map { ("\(prefix)\($0.name)", $0.tensor) }
        try TensorFile.write(
            tensors + whole + (score.map { [(scoreName, $0)] } ?? []), metadata: ["format": "pt"],
            to: folder.appending(path: weightsName))
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try AtomicFile.write(
                try encoder.encode(configuration.json),
                to: folder.appending(path: AdapterConfiguration.fileName))
        } catch {
            throw FormatError(file: folder.path, reason: "cannot be written: \(error)")
        }
    }

    /// Reads both files.
    ///
    /// - Returns: `score` is the head [1, D], f32, of a SEQ_CLS adapter; nil for CAUSAL_LM. `saved`
    ///   are the tensors, f32, of the modules that the configuration names as trained whole.
    /// - Throws: ``FormatError`` when a file is missing or damaged, a module has only one half, or
    ///   a rank is not the configuration's.
    public static func read(
        _ folder: URL
    ) throws(FormatError) -> (
        configuration: AdapterConfiguration, modules: [Module], score: Tensor?, saved: [SavedTensor]
    ) {
        let configuration = try AdapterConfiguration(folder: folder)
        let weights = try SafetensorsWeights(url: folder.appending(path: weightsName))
        let isScored = configuration.taskType == .sequenceClassification
        let score = isScored ? try score(weights) : nil
        let names = weights.names.filter { !isScored || $0 != scoreName }
        let saved = try saved(weights, names, configuration)
        let modules = try modules(weights, names.filter { !isWhole($0, configuration) })
        for module in modules { try check(module, configuration, weights.origin) }
        return (configuration, modules, score, saved)
    }

    private static func isWhole(_ name: String, _ configuration: AdapterConfiguration) -> Bool {
        name.hasPrefix(prefix) && configuration.saves(String(name.dropFirst(prefix.count)))
    }

    private static func saved(
        _ weights: SafetensorsWeights, _ names: [String], _ configuration: AdapterConfiguration
    ) throws(FormatError) -> [SavedTensor] {
        var saved: [SavedTensor] = []
        for name in names where isWhole(name, configuration) {
            let tensor = try weights.tensor(name, as: .float32)
            saved.append(SavedTensor(name: String(name.dropFirst(prefix.count)), tensor: tensor))
        }
        for module in configuration.savedModules
        where !saved.contains(where: { AdapterConfiguration.names(module, above: $0.name) }) {
            throw FormatError(
                file: weights.origin, item: module, reason: "is trained whole, but has no weights")
        }
        return saved
    }

    private static func modules(
        _ weights: SafetensorsWeights, _ names: [String]
    ) throws(FormatError) -> [Module] {
        var modules: [Module] = []
        for name in names {
            guard name.hasPrefix(prefix) else { throw stray(name, weights) }
            let suffixes = (a: ".lora_A.weight", b: ".lora_B.weight")
            if name.hasSuffix(suffixes.b) { continue }
            guard name.hasSuffix(suffixes.a) else { throw stray(name, weights) }
            let path = String(name.dropFirst(prefix.count).dropLast(suffixes.a.count))
            modules.append(
                Module(
                    path: path, a: try weights.tensor(name, as: .float32),
                    b: try weights.tensor("\(prefix)\(path)\(suffixes.b)", as: .float32)))
        }
        guard modules.count * 2 == names.count else {
            throw FormatError(file: weights.origin, reason: "a lora_B has no lora_A beside it")
        }
        return modules
    }

    private static func score(_ weights: SafetensorsWeights) throws(FormatError) -> Tensor {
        let score = try weights.tensor(scoreName, as: .float32)
        guard score.dim == 2, score.size(0) == 1 else {
            throw FormatError(
                file: weights.origin, item: scoreName,
                reason: "has sizes \(score.shape); a head with one label has [1, D]")
        }
        return score
    }

    private static func stray(_ name: String, _ weights: SafetensorsWeights) -> FormatError {
        FormatError(file: weights.origin, item: name, reason: "is no LoRA weight of a module")
    }

    private static func check(
        _ module: Module, _ configuration: AdapterConfiguration, _ file: String
    ) throws(FormatError) {
        let rank = configuration.size(of: module.path).rank
        guard module.a.dim == 2, module.b.dim == 2, module.a.size(0) == rank,
            module.b.size(1) == rank
        else {
            throw FormatError(
                file: file, item: module.path,
                reason: "sizes \(module.a.shape) and \(module.b.shape) do not fit rank \(rank)")
        }
    }
}
