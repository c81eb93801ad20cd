import Alignment
import ArgumentParser
import FileFormats
import Foundation
import Recipes

/// `preceptor study`
struct Study: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train several methods from one base and compare them on the same questions.",
        usage: "preceptor study <study.yaml> [--device D] [--threads N] [--<key> <value> ...]",
        discussion: """
            Writes report.html, report.md and report.json into the study's output_dir. With the \
            key matrix every method is trained on each part of a data set and asked about all of \
            them; with folds it is cross-validated. The same command goes on where an earlier \
            one stopped, however that ended. Documentation/Study.md explains each key and number.
            """)

    @OptionGroup var engine: EngineOptions

    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp(
            "The study, YAML, and keys with values that go before its own.",
            valueName: "study and keys"))
    var words: [String] = []

    func run() throws {
        let words = try RecipeWords(words)
        guard let study = words.file else { throw ValidationError("give a study's file") }
        let file = URL(filePath: study)
        var recipe = try RecipeReader.read(
            StudyRecipe.self, file: file, overrides: words.pairs)
        // The commands below work where the study's file stands: its paths count from there.
        recipe.outputDir = URL(filePath: recipe.outputDir).standardizedFileURL.path
        let home = file.standardizedFileURL.deletingLastPathComponent()
        let folder = URL(filePath: recipe.outputDir)
        // Only what is sound has a folder.
        let folds = try Self.named(file) { try StudyFolds(recipe) }
        let parts = try Self.named(file) { try StudySplit.list(recipe.matrix, home: home) }
        if folds == nil {
            _ = try Self.named(file) { try StudyPlan(recipe, splits: parts, home: home) }
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let lock = try FileLock(folder.appending(path: "lock"))
        guard lock.take(seconds: 0) else { throw StudyError.busy(folder.path) }
        let splits = try folds?.write(to: folder) ?? parts
        if let folds {
            let methods = try StudyMethod.list(recipe.methods)
            try folds.warnings(of: methods, home: home).forEach(Output.note)
        }
        let plan = try Self.named(file) { try StudyPlan(recipe, splits: splits, home: home) }
        try AtomicFile.write(
            RecipeReader.yaml(recipe), to: folder.appending(path: "study.yaml"))
        if !plan.splits.isEmpty { try plan.writeLists() }
        guard FileManager.default.changeCurrentDirectoryPath(home.path) else {
            throw FormatError(file: home.path, reason: "is not a folder to work in")
        }
        let interruption = Interruption()
        interruption.watchSignals()
        let runner = StageRunner(
            engine: engineWords, count: plan.stages.count, interruption: interruption)
        for stage in plan.stages where try !runner.run(stage) {
            Output.note("stopped at \(stage.title); the same command goes on (\(recipe.outputDir))")
            return
        }
        let tables = try report(plan, "preceptor study \(file.lastPathComponent)")
        withExtendedLifetime(lock) {
            Output.print(tables)
            Output.print("report: \(plan.folder.appending(path: "report.html").path)")
        }
    }

    /// Writes the report; returns its tables.
    private func report(_ plan: StudyPlan, _ command: String) throws -> String {
        if plan.recipe.folds > 0 {
            let report = try FoldResults(plan).report(command: command, device: engine.device)
            try report.write(to: plan.folder)
            return report.markdown()
        }
        guard plan.splits.isEmpty else {
            let report = try MatrixResults(plan).report(command: command, device: engine.device)
            try report.write(to: plan.folder)
            return report.markdown()
        }
        let report = try StudyResults(plan).report(command: command, device: engine.device)
        try report.write(to: plan.folder)
        return report.markdown()
    }

    private var engineWords: [String] {
        ["--device=\(engine.device)"] + (engine.threads.map { ["--threads=\($0)"] } ?? [])
    }

    /// - Throws: a fault of a key with the file that has it.
    private static func named<Value>(_ file: URL, _ make: () throws -> Value) throws -> Value {
        do {
            return try make()
        } catch let fault as RecipeFault {
            throw FormatError(file: file.path, item: fault.key, reason: fault.reason)
        }
    }
}
