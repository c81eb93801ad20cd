import FileFormats
import Foundation
import Generation
import Recipes
import Records
import Torch

/// What a run was made from: run.json.
public struct RunManifest: Codable, Sendable, Hashable {
    public var method: String
    /// The model, as the recipe calls it.
    public var model: String
    /// What decides the result: a hash, or a version, by the name that errors tell.
    public var dependencies: [String: String]
    /// What decides no more than the last bits of numbers.
    public var conditions: [String: String]
    /// Changes that were accepted when the run was gone on with, the first one first.
    public var history: [Change] = []

    /// What was there instead before a run was gone on with.
    public struct Change: Codable, Sendable, Hashable {
        /// Steps that were done.
        public var step: Int
        /// ISO 8601.
        public var time: String
        public var changed: [String]
        /// The dependencies that changed, as they had been; without those not known.
        public var before: [String: String]
    }

    /// The dependency of a run that does without.
    static let none = "none"

    init(
        method: String, model: String, dependencies: [String: String],
        conditions: [String: String]
    ) {
        (self.method, self.model) = (method, model)
        (self.dependencies, self.conditions) = (dependencies, conditions)
    }

    /// What a run of this recipe depends on now.
    ///
    /// - Throws: ``FormatError`` where something that the recipe names cannot be read.
    init<Method>(
        _ recipe: TrainingRecipe<Method>, model: LanguageModel, data: DataHashes
    ) throws {
        var dependencies: [String: String?] = [
            "recipe": try RecipeReader.fingerprint(recipe),
            "program version": ProgramVersion.current,
            "model": try model.contentHash(),
            "tokenizer": try model.encodingHash(),
            "training file": data.training,
            "validation file": data.validation,
            "images": data.images,
        ]
        let own = [RunSource.adapter("start adapter", folder: recipe.settings.adapter)]
        for source in try own + recipe.method.sources() {
            dependencies.updateValue(try source.contentHash(), forKey: source.name)
        }
        self.init(
            method: Method.method.rawValue, model: recipe.settings.model,
            dependencies: dependencies.mapValues { $0 ?? Self.none },
            conditions: Self.conditions(on: model.decoder.device))
    }

    /// What else numbers depend on, to the last bit.
    private static func conditions(on device: Device) -> [String: String] {
        [
            "libtorch": Runtime.libtorchVersion, "device": device.description,
            "threads": "\(Runtime.threads)", "kernels": Processor.path,
        ]
    }
}

// MARK: What differs

extension RunManifest {
    /// What is not as it was when the run began; names in alphabetical order.
    struct Differences {
        /// Dependencies that have changed.
        var changed: [String] = []
        /// Dependencies and conditions that the run has now, and of which the beginning says
        /// nothing: it is an earlier version's.
        var unknown: [String] = []
        /// Conditions that have changed, with both values.
        var conditions: [String] = []
    }

    /// What differs now from this, the beginning.
    func differences(to now: RunManifest) -> Differences {
        var result = Differences()
        // What the recipe no longer names is a change too.
        result.changed = dependencies.keys.filter { now.dependencies[$0] != dependencies[$0] }
        result.unknown = now.dependencies.keys.filter {
            dependencies[$0] == nil && now.dependencies[$0] != Self.none
        }
        for (name, value) in now.conditions.sorted(by: { $0.key < $1.key }) {
            guard let before = conditions[name] else {
                result.unknown.append(name)
                continue
            }
            if before != value { result.conditions.append("\(name) (\(before), now \(value))") }
        }
        result.changed.sort()
        result.unknown.sort()
        return result
    }

    /// The manifest of a run that goes on with what is there now.
    ///
    /// - Parameters:
    ///   - changed: what to call what has changed.
    ///   - step: steps that are done.
    func goingOn(with now: RunManifest, changed: [String], step: Int) -> RunManifest {
        var result = now
        let old = dependencies.filter { now.dependencies[$0.key] != $0.value }
        result.history =
            history + [
                Change(
                    step: step, time: Date.now.ISO8601Format(), changed: changed, before: old)
            ]
        return result
    }
}

// MARK: The file

extension RunManifest {
    enum CodingKeys: String, CodingKey {
        case method, model, dependencies, conditions, history
    }

    /// As versions before 0.2 wrote them.
    private enum OldKeys: String, CodingKey {
        case fingerprint, libtorch, device, threads
        case modelHash = "model_sha256"
        case dataHash = "data_sha256"
        case validationHash = "validation_sha256"
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        method = try values.decode(String.self, forKey: .method)
        model = try values.decode(String.self, forKey: .model)
        if values.contains(.dependencies) {
            dependencies = try values.decode([String: String].self, forKey: .dependencies)
            conditions = try values.decode([String: String].self, forKey: .conditions)
            history = try values.decodeIfPresent([Change].self, forKey: .history) ?? []
            return
        }
        let old = try decoder.container(keyedBy: OldKeys.self)
        dependencies = [
            "recipe": try old.decode(String.self, forKey: .fingerprint),
            "model": try old.decode(String.self, forKey: .modelHash),
            "training file": try old.decode(String.self, forKey: .dataHash),
            "validation file": try old.decodeIfPresent(String.self, forKey: .validationHash)
                ?? Self.none,
        ]
        conditions = [
            "libtorch": try old.decode(String.self, forKey: .libtorch),
            "device": try old.decode(String.self, forKey: .device),
            "threads": "\(try old.decode(Int.self, forKey: .threads))",
        ]
    }

    func write(to url: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(encoder.encode(self), to: url)
    }

    static func read(_ url: URL) throws(TrainingError) -> RunManifest {
        do {
            return try JSONDecoder().decode(RunManifest.self, from: Data(contentsOf: url))
        } catch {
            throw .nothingToResume(url.deletingLastPathComponent().path)
        }
    }
}
