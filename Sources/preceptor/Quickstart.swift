import Alignment
import ArgumentParser
import CaseBank
import Evaluation
import Foundation
import Generation
import Recipes
import Torch
import Tracking

/// `preceptor quickstart`
struct Quickstart: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Evaluate, fine-tune, evaluate again, compare: the whole loop in minutes.",
        discussion: """
            Uses the built-in model and cases generated from the built-in case bank; needs no \
            data and no network. Writes report.html into the output folder.
            """)

    @OptionGroup var engine: EngineOptions

    @Option(help: "The model to teach.")
    var model = ModelLocator.defaultName

    @Option(help: "What weights are held and multiplied in: f32 or bf16.")
    var dtype = WeightType.bf16

    @Option(help: "Cases to train on; 480, or fewer where the machine is slow.")
    var trainCases: Int?

    @Option(help: "Cases to evaluate on; 200, or fewer where the machine is slow.")
    var testCases: Int?

    @Option(help: "Passes over the training cases.")
    var epochs = 2.0

    @Option(help: "Seed of cases and training.")
    var seed: UInt64 = 0

    @Option(help: "The output folder; the first free name after it when it is taken.")
    var output = "runs/quickstart"

    func validate() throws {
        try NumberRange.require(trainCases, "--train-cases", 1..., most: Cases.most)
        try NumberRange.require(testCases, "--test-cases", 1..., most: Cases.most)
        guard epochs > 0, epochs <= 1e6 else {
            throw ValidationError("--epochs must be above 0 and at most 1000000")
        }
    }

    func run() throws {
        let started = ContinuousClock.now
        let device = try engine.start()
        let size = self.size(on: device)
        let folder = Self.free(output)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let recipe = try prepare(folder, size)
        let task = try EvaluationTask.load(.caseBank(.test, count: size.testCases, seed: seed))

        Output.note("1/4  evaluating \(model) on \(size.testCases) unseen cases")
        let before = try measure(task, device, adapter: nil, folder, "before")
        Output.note("2/4  fine-tuning on \(size.trainCases) cases")
        let outcome = try train(recipe, device)
        if outcome.interrupted {
            return Train<SupervisedFineTuning>.report(outcome, recipe.settings)
        }
        Output.note("3/4  evaluating the fine-tuned model on the same cases")
        let after = try measure(
            task, device, adapter: "\(recipe.settings.outputDir)/adapter", folder, "after")

        Output.note("4/4  comparing")
        let measurements = try zip(before, after).map { before, after in
            try EvaluationReport.Measurement(
                title: "By \(before.summary.method.rawValue)", before: before, after: after)
        }
        for measurement in measurements {
            try measurement.comparison.write(
                to: folder.appending(path: measurement.before.summary.method.rawValue))
            Output.print(measurement.comparison.table())
            Output.print("")
        }
        let minutes = Double((ContinuousClock.now - started).components.seconds) / 60
        try write(measurements, task, outcome, recipe, size, minutes, to: folder)
        Output.print("report: \(folder.appending(path: "report.html").relativePath)")
        Output.print(String(format: "%.1f minutes in all", minutes))
    }

    /// The size that was asked for, or the one that this machine does in time; says what the
    /// machine is and how long it will take.
    private func size(on device: Device) -> QuickstartSize {
        guard device == .cpu else {
            return QuickstartSize(
                trainCases: trainCases ?? QuickstartSize.whole.trainCases,
                testCases: testCases ?? QuickstartSize.whole.testCases)
        }
        let speed = Runtime.measuredSpeed(dtype.dtype)
        var size = QuickstartSize.fitting(epochs: epochs, speed: speed)
        size.trainCases = trainCases ?? size.trainCases
        size.testCases = testCases ?? size.testCases
        let minutes = size.minutes(epochs: epochs, speed: speed)
        Output.note(
            "\(Processor.name): \(Processor.path), \(Runtime.threads) threads, "
                + String(format: "%.0f GFLOP/s in \(dtype.rawValue)", speed / 1e9))
        if size != .whole, trainCases == nil || testCases == nil {
            Output.note(
                "sized to this machine: \(size.trainCases) cases to train on and "
                    + "\(size.testCases) to test on, of \(QuickstartSize.whole.trainCases) and "
                    + "\(QuickstartSize.whole.testCases)")
        }
        Output.note(
            String(format: "about %.0f minutes if nothing else runs", max(1, minutes.rounded(.up))))
        return size
    }

    /// Writes the cases and says how to train on them.
    private func prepare(_ folder: URL, _ size: QuickstartSize) throws -> SupervisedRecipe {
        let bank = try CaseBank.bundled()
        let files = (
            train: folder.appending(path: "train.jsonl"),
            validation: folder.appending(path: "validation.jsonl")
        )
        try CaseRecord.write(
            bank.generate(split: .train, count: size.trainCases, seed: seed), to: files.train)
        try CaseRecord.write(
            bank.generate(split: .validation, count: 40, seed: seed), to: files.validation)
        var recipe = SupervisedRecipe()
        recipe.settings.model = model
        recipe.settings.trainFile = files.train.path
        recipe.settings.validationFile = files.validation.path
        recipe.settings.outputDir = folder.appending(path: "sft").path
        recipe.settings.numTrainEpochs = epochs
        recipe.settings.perDeviceTrainBatchSize = 8
        recipe.settings.learningRate = 5e-4
        recipe.settings.lrSchedulerType = .cosine
        recipe.settings.warmupRatio = 0.05
        recipe.settings.loraDropout = 0
        recipe.settings.dtype = dtype
        recipe.settings.seed = seed
        return recipe
    }

    /// Ctrl-C ends the training with a checkpoint, and the other parts at once.
    private func train(_ recipe: SupervisedRecipe, _ device: Device) throws -> TrainingOutcome {
        let interruption = Interruption()
        interruption.watchSignals()
        return try Train<SupervisedFineTuning>.train(
            recipe, device: device, resuming: .begins, interruption)
    }

    /// Both methods, each into its own folder.
    private func measure(
        _ task: EvaluationTask, _ device: Device, adapter: String?, _ folder: URL, _ name: String
    ) throws -> [EvaluationOutput] {
        let loaded = try LanguageModel.load(
            ModelLocator.locate(model), dtype: dtype.dtype, device: device)
        if let adapter { try loaded.attachAdapter(URL(filePath: adapter)) }
        return try [EvaluationMethod.generation, .likelihood].map { method in
            let result = try Measuring.measure(
                loaded, task, method, maxTokens: 96,
                names: (model, adapter.map { _ in "quickstart" }),
                seed: seed)
            try result.write(
                to: folder.appending(path: method.rawValue).appending(path: name))
            return result
        }
    }

    private func write(
        _ measurements: [EvaluationReport.Measurement], _ task: EvaluationTask,
        _ outcome: TrainingOutcome, _ recipe: SupervisedRecipe, _ size: QuickstartSize,
        _ minutes: Double, to folder: URL
    ) throws {
        let run = RunFolder(URL(filePath: recipe.settings.outputDir))
        let report = EvaluationReport(
            title: "\(model): before and after fine-tuning on clinical cases",
            measurements: measurements, questions: task.items,
            lossChart: lossChart(of: try MetricsLog.rows(of: run.metrics)),
            training: [
                ("cases", "\(size.trainCases), \(recipe.settings.numTrainEpochs) epochs"),
                ("optimizer steps", "\(outcome.steps)"),
                ("learning rate", "\(recipe.settings.learningRate)"),
                (
                    "LoRA",
                    "r = \(recipe.settings.loraR), alpha = \(recipe.settings.loraAlpha), all linear layers"
                ),
                ("speed", String(format: "%.0f tokens/s", outcome.tokensPerSecond)),
                ("peak memory", String(format: "%.2f GB", Double(outcome.peakMemoryBytes) / 1e9)),
            ],
            environment: [
                ("model", model), ("seed", "\(seed)"), ("libtorch", Runtime.libtorchVersion),
                ("device", "\(engine.device), \(Runtime.threads) threads"),
                ("processor", "\(Processor.name), \(Processor.path)"),
                ("numbers", dtype.rawValue),
                ("time", String(format: "%.1f minutes", minutes)),
            ],
            command: "preceptor quickstart --dtype \(dtype.rawValue) "
                + "--train-cases \(size.trainCases) --test-cases \(size.testCases) "
                + "--epochs \(epochs) --seed \(seed)")
        try report.write(to: folder.appending(path: "report.html"))
    }

    /// `path`, or `path-2`, `path-3` ... when it is taken.
    private static func free(_ path: String) -> URL {
        var number = 1
        var candidate = path
        while FileManager.default.fileExists(atPath: candidate) {
            number += 1
            candidate = "\(path)-\(number)"
        }
        return URL(filePath: candidate)
    }
}
