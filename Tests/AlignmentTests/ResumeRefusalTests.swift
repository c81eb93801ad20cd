import Foundation
import Recipes
import Testing

@testable import Alignment

/// A run goes on only as it began.
@Suite(.serialized, .enabled(if: TrainingFixture.isPresent, TrainingFixture.reason))
struct ResumeRefusalTests {
    private func error(
        _ fixture: TrainingFixture,
        _ recipe: SupervisedRecipe,
        resuming: Resumption
    ) -> TrainingError? {
        #expect(throws: TrainingError.self) { try fixture.train(recipe, resuming: resuming) }
    }

    /// Rewrites one entry of run.json.
    private func change(_ folder: RunFolder, _ body: (inout RunManifest) -> Void) throws {
        var manifest = try RunManifest.read(folder.manifest)
        body(&manifest)
        try manifest.write(to: folder.manifest)
    }

    @Test func anotherRunIsNeitherMixedInNorResumed() throws {
        let fixture = try TrainingFixture(records: 4)
        var recipe = fixture.recipe()
        recipe.settings.maxSteps = 1
        let path = recipe.settings.outputDir
        #expect(error(fixture, recipe, resuming: true) == .nothingToResume(path))
        #expect(!FileManager.default.fileExists(atPath: path))

        let run = try fixture.train(recipe)
        let weights = try run.weights
        #expect(error(fixture, recipe, resuming: false) == .runExists(path))

        var other = recipe
        other.settings.learningRate *= 2
        #expect(
            error(fixture, other, resuming: true)
                == .resumedDifferently(run: path, what: ["recipe (learning_rate)"])
        )

        let manifest = try RunManifest.read(run.folder.manifest)
        try change(run.folder) { $0.dependencies["model"] = String(repeating: "0", count: 64) }
        #expect(
            error(fixture, recipe, resuming: true)
                == .resumedDifferently(run: path, what: ["model"])
        )
        try change(run.folder) { $0 = manifest }

        let text = try String(contentsOf: fixture.data, encoding: .utf8)
        try Data((text + "\n").utf8).write(to: fixture.data)
        #expect(
            error(fixture, recipe, resuming: true)
                == .resumedDifferently(run: path, what: ["training file"])
        )
        #expect(try run.weights == weights)
    }

    @Test func validationFileIsPartOfTheRun() throws {
        let fixture = try TrainingFixture(records: 6)
        let held = fixture.folder.appending(path: "held.jsonl")
        try FileManager.default.copyItem(at: fixture.data, to: held)
        var recipe = fixture.recipe()
        recipe.settings.validationFile = held.path
        recipe.settings.maxSteps = 1
        let run = try fixture.train(recipe)
        #expect(try run.values("eval_loss").count == 1)
        try Data("{\"text\": \"something else\"}".utf8).write(to: held)
        #expect(
            error(fixture, recipe, resuming: true)
                == .resumedDifferently(run: recipe.settings.outputDir, what: ["validation file"])
        )
    }

    @Test func otherThreadsAreToldAbout() throws {
        let fixture = try TrainingFixture(records: 4)
        var recipe = fixture.recipe()
        recipe.settings.maxSteps = 1
        let run = try fixture.train(recipe)
        try change(run.folder) { $0.conditions["threads"] = "3" }
        recipe.settings.loggingSteps = 7
        let resumed = try fixture.train(recipe, resuming: true)
        #expect(resumed.warnings.count == 1)
        #expect(
            resumed.warnings.first
                == "the run began under other conditions: threads (3, now 2); it goes on, but "
                + "not bit for bit")
    }

    @Test func messages() {
        let list: [(TrainingError, String)] = [
            (
                .runExists("r"),
                "r already holds a run: pass --resume to go on with it, or another output_dir"
            ),
            (.nothingToResume("r"), "r holds no run to resume"),
            (
                .resumedDifferently(run: "r", what: ["images", "model"]),
                "r: not as they were when the run began: images, model; put them back, or go on "
                    + "with what is there now by --resume --accept-changed"
            ),
            (
                .otherMethod(run: "r", method: "sft"),
                "r is a run of sft, and is gone on with by that alone"
            ),
            (
                .noCheckpointFits(run: "r"),
                "r: no checkpoint fits what has changed; start again in another output_dir"
            ),
            (
                .notFinite(step: 3, what: "loss", records: (1...9).map(String.init)),
                "step 3: the loss is not a finite number; records 1, 2, 3, 4, 5, 6, 7, 8, ..."
            ),
            (.noSteps, "the recipe leaves no optimizer step to take"),
        ]
        for (error, message) in list { #expect(error.description == message) }
    }
}
