import Foundation
import Generation
import Images
import Recipes
import Records
import Testing
import VisionTestSupport

@testable import Alignment

/// Everything a run depends on is compared when it is gone on with: what has changed is named, and
/// nothing happens unless the change is accepted.
@Suite(.serialized)
struct ChangedDependencyTests {
    /// A file or folder that a run of the fixture depends on.
    enum Dependency: String, CaseIterable, CustomTestStringConvertible {
        case adapter = "start adapter"
        case reference
        case rewardModel = "reward model judge"
        case rewardProgram = "reward program ruler"
        case valueModel = "value model"
        case images
        case tokenizer
        case model
        case training = "training file"
        case validation = "validation file"

        var testDescription: String { rawValue }

        var method: String {
            switch self {
            case .reference: "dpo"
            case .rewardModel, .rewardProgram: "grpo"
            case .valueModel: "ppo"
            default: "sft"
            }
        }

        /// The file that is changed.
        func file(_ fixture: MethodFixture) -> URL {
            let folder = fixture.folder
            return switch self {
            case .adapter, .reference, .rewardModel, .valueModel:
                folder.appending(path: "made/adapter/adapter_model.safetensors")
            case .rewardProgram: folder.appending(path: "ruler.sh")
            case .images: folder.appending(path: "0.png")
            case .tokenizer: folder.appending(path: "model/tokenizer_config.json")
            case .model: folder.appending(path: "model/model.safetensors")
            case .training: fixture.file("examples")
            case .validation: fixture.file("held")
            }
        }

        /// Makes what the fixture's runs are to depend on.
        func prepare(_ fixture: MethodFixture) throws {
            let made = fixture.run("made").url.appending(path: "adapter").path
            func make(_ method: String) throws {
                try fixture.finish(fixture.trainer(method, "made") { $0.maxSteps = 1 })
            }
            switch self {
            case .adapter: try make("sft")
            case .reference:
                try make("sft")
                fixture.reference = made
            case .rewardModel:
                try make("reward")
                fixture.rewards = [
                    .object([
                        "type": .string("model"), "name": .string("judge"), "path": .string(made),
                    ])
                ]
            case .rewardProgram:
                let script = "while read -r line; do echo ${#line}; done\n"
                try Data(script.utf8).write(to: file(fixture))
                fixture.rewards = [
                    .object([
                        "type": .string("program"), "name": .string("ruler"),
                        "command": .array([.string("sh"), .string(file(fixture).path)]),
                    ])
                ]
            case .valueModel:
                try make("reward")
                fixture.valueModel = made
            case .validation:
                try FileManager.default.copyItem(
                    at: fixture.file("examples"), to: file(fixture))
            default: break
            }
        }

        func apply(to settings: inout TrainingSettings, _ fixture: MethodFixture) {
            settings.maxSteps = 4
            if self == .adapter {
                settings.adapter = fixture.run("made").url.appending(path: "adapter").path
            }
            if self == .validation { settings.validationFile = file(fixture).path }
        }

        /// Another file that can be used as well as the first.
        func change(_ fixture: MethodFixture) throws {
            var bytes = try Data(contentsOf: file(fixture))
            switch self {
            case .adapter, .reference, .rewardModel, .valueModel, .model:
                // The lowest bits of the last weight.
                bytes[bytes.count - 4] ^= 1
            case .images:
                bytes = Data(try PNGFile.bytes(of: TinyVLM.picture(9)))
            default: bytes += Data("\n".utf8)
            }
            try bytes.write(to: file(fixture))
        }
    }

    private func trainer(
        _ dependency: Dependency, _ fixture: MethodFixture
    ) throws -> any Trainer {
        try fixture.trainer(dependency.method, "run") { dependency.apply(to: &$0, fixture) }
    }

    /// A run that was killed after its second step of four.
    private func begun(_ dependency: Dependency) throws -> MethodFixture {
        let fixture = try MethodFixture(.llava)
        try dependency.prepare(fixture)
        try fixture.finish(trainer(dependency, fixture))
        for step in 3...4 {
            try FileManager.default.removeItem(
                at: fixture.run("run").url.appending(path: "checkpoint-\(step)"))
        }
        return fixture
    }

    private func manifest(_ fixture: MethodFixture) throws -> RunManifest {
        try RunManifest.read(RunFolder(fixture.run("run").url).manifest)
    }

    @Test(arguments: Dependency.allCases) func isNamed(dependency: Dependency) throws {
        let fixture = try begun(dependency)
        let before = try manifest(fixture)
        #expect(before.dependencies[dependency.rawValue]?.count == 64)
        try dependency.change(fixture)
        let path = fixture.run("run").url.path
        #expect(
            throws: TrainingError.resumedDifferently(run: path, what: [dependency.rawValue])
        ) { try fixture.finish(trainer(dependency, fixture), resuming: .goesOn) }
        #expect(try manifest(fixture) == before)

        let outcome = try fixture.finish(
            trainer(dependency, fixture), resuming: .acceptsChanges)
        #expect(outcome.steps == 4 && !outcome.interrupted)
        #expect(
            fixture.warnings
                == ["the run goes on although these have changed: \(dependency.rawValue)"])
        let after = try manifest(fixture)
        let change = try #require(after.history.first)
        #expect(after.history.count == 1)
        #expect(change.changed == [dependency.rawValue] && change.step == 2)
        #expect(change.before == before.dependencies.filter { $0.key == dependency.rawValue })
        // From here on the run is that of what is there now.
        try fixture.finish(trainer(dependency, fixture), resuming: .goesOn)
        #expect(fixture.warnings.count == 1)
    }

    /// All that has changed is named together, the recipe with its keys.
    @Test func allAreNamed() throws {
        let fixture = try begun(.adapter)
        for dependency in [Dependency.adapter, .images, .training, .tokenizer] {
            try dependency.change(fixture)
        }
        func trainer() throws -> any Trainer {
            try fixture.trainer("sft", "run") { settings in
                Dependency.adapter.apply(to: &settings, fixture)
                (settings.learningRate, settings.seed, settings.loggingSteps) = (1e-4, 7, 3)
            }
        }
        let path = fixture.run("run").url.path
        let what = [
            "images", "recipe (learning_rate, seed)", "start adapter", "tokenizer",
            "training file",
        ]
        #expect(throws: TrainingError.resumedDifferently(run: path, what: what)) {
            try fixture.finish(trainer(), resuming: .goesOn)
        }
        try fixture.finish(trainer(), resuming: .acceptsChanges)
        let written = try RecipeReader.read(
            SupervisedRecipe.self, file: RunFolder(fixture.run("run").url).recipe, overrides: [])
        #expect(written.settings.learningRate == 1e-4)
    }

    /// A newer program, another method, and a change that no checkpoint fits.
    @Test func programMethodAndShape() throws {
        let fixture = try begun(.images)
        let folder = RunFolder(fixture.run("run").url)
        var manifest = try manifest(fixture)
        manifest.dependencies["program version"] = "0.0.1"
        try manifest.write(to: folder.manifest)
        #expect(
            throws: TrainingError.resumedDifferently(
                run: folder.url.path, what: ["program version"])
        ) { try fixture.finish(trainer(.images, fixture), resuming: .goesOn) }
        #expect(throws: TrainingError.otherMethod(run: folder.url.path, method: "sft")) {
            try fixture.finish(fixture.trainer("kto", "run"), resuming: .acceptsChanges)
        }
        let wider = try fixture.trainer("sft", "run") { settings in
            Dependency.images.apply(to: &settings, fixture)
            settings.loraR = 4
        }
        #expect(throws: TrainingError.noCheckpointFits(run: folder.url.path)) {
            try fixture.finish(wider, resuming: .acceptsChanges)
        }
        #expect(try RunManifest.read(folder.manifest) == manifest)
    }

    /// What a reference said before is not taken for what another one says.
    @Test func referenceIsComputedAgain() throws {
        let fixture = try MethodFixture(.llava)
        try Dependency.reference.prepare(fixture)
        func trainer() throws -> any Trainer {
            try fixture.trainer("dpo precomputed", "run") { $0.maxSteps = 2 }
        }
        try fixture.finish(trainer())
        let file = RunFolder(fixture.run("run").url).referenceScores
        let before = try JSONDecoder().decode([[Double]].self, from: Data(contentsOf: file))
        try JSONEncoder().encode(before.map { $0.map { _ in -1.0 } }).write(to: file)
        try Dependency.reference.change(fixture)
        try fixture.finish(trainer(), resuming: .acceptsChanges)
        let after = try JSONDecoder().decode([[Double]].self, from: Data(contentsOf: file))
        #expect(zip(before.joined(), after.joined()).allSatisfy { abs($0 - $1) < 1e-3 })
    }

    /// Versions before wrote fewer hashes: those are compared, the others are told about.
    @Test func earlierManifests() throws {
        let fixture = try begun(.images)
        let folder = RunFolder(fixture.run("run").url)
        let now = try manifest(fixture)
        func writeOld(data: String?) throws {
            let old: [String: JSONValue] = [
                "method": .string("sft"), "model": .string(now.model),
                "fingerprint": .string(now.dependencies["recipe"] ?? ""),
                "model_sha256": .string(now.dependencies["model"] ?? ""),
                "data_sha256": .string(data ?? ""), "device": .string("cpu"),
                "libtorch": .string(now.conditions["libtorch"] ?? ""),
                "threads": .integer(Int(now.conditions["threads"] ?? "") ?? 0),
            ]
            try JSONEncoder().encode(JSONValue.object(old)).write(to: folder.manifest)
        }
        try writeOld(data: now.dependencies["training file"])
        try fixture.finish(trainer(.images, fixture), resuming: .goesOn)
        #expect(fixture.warnings.count == 1)
        #expect(
            fixture.warnings[0].contains(
                "which images, kernels, program version, tokenizer the run began"))
        try fixture.finish(trainer(.images, fixture), resuming: .acceptsChanges)
        try fixture.finish(trainer(.images, fixture), resuming: .goesOn)
        #expect(fixture.warnings.count == 2)
        #expect(try manifest(fixture).dependencies == now.dependencies)
        try writeOld(data: "0")
        #expect(
            throws: TrainingError.resumedDifferently(
                run: folder.url.path, what: ["training file"])
        ) { try fixture.finish(trainer(.images, fixture), resuming: .goesOn) }
    }
}
