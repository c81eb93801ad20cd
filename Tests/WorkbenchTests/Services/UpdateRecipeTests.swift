import Feedback
import Foundation
import Recipes
import Rewards
import TestSupport
import Testing

@testable import Workbench

/// What the workbench and the trainers say to each other: recipes, subcommands, names of metrics.
struct UpdateRecipeTests {
    private let source = UpdateRecipe.Source(
        model: "tiny", adapter: "/versions/1/adapter", trainFile: "train.jsonl", count: 20,
        heldOut: "heldout.jsonl")

    /// The recipe of an update as the trainer's own reader gives it.
    private func read<Method: MethodSettings>(
        _: Method.Type, _ method: UpdateMethod, _ source: UpdateRecipe.Source,
        rewards: [RewardSpecification] = []
    ) throws -> TrainingRecipe<Method> {
        #expect(Method.method == method.training)
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "recipe.yaml")
        let recipe = try UpdateRecipe(method, source, rewards: rewards)
        try Data(recipe.text.utf8).write(to: file)
        let read = try RecipeReader.read(
            TrainingRecipe<Method>.self, file: file,
            overrides: [(TrainingSettings.key(\.outputDir), "/job/run")])
        let settings = read.settings
        #expect(settings.model == "tiny" && settings.adapter == source.adapter)
        #expect(settings.trainFile == folder.appending(path: "train.jsonl").path)
        #expect(settings.outputDir == "/job/run")
        #expect(settings.maxSteps == recipe.steps && settings.saveSteps == recipe.steps)
        #expect(settings.lrSchedulerType == .cosine && settings.warmupRatio == 0.1)
        #expect(settings.loraDropout == 0 && settings.saveTotalLimit == 1)
        #expect(settings.overlongRecords == (source.imageRoot == nil ? .skip : .stop))
        #expect(settings.imageRoot == source.imageRoot ?? "")
        #expect(settings.maxLength == (source.imageRoot == nil ? 1024 : 4096))
        if source.heldOut != nil {
            #expect(settings.validationFile == folder.appending(path: "heldout.jsonl").path)
            #expect(settings.evalSteps == recipe.steps)
        }
        return read
    }

    @Test(arguments: UpdateMethod.allCases, [nil, "/case-images"])
    func theTrainersReadEveryMethodsRecipe(method: UpdateMethod, imageRoot: String?) async throws {
        var source = source
        source.imageRoot = imageRoot
        switch method {
        case .sft:
            let recipe = try read(SupervisedSettings.self, method, source)
            #expect(recipe.settings.learningRate == 1e-4)
            #expect(recipe.settings.perDeviceTrainBatchSize == 4)
        case .reward:
            let recipe = try read(RewardModelSettings.self, method, source)
            #expect(recipe.settings.learningRate == 2e-4)
            #expect(recipe.settings.perDeviceTrainBatchSize == 8)
        case .dpo:
            let recipe = try read(PreferenceSettings.self, method, source)
            #expect(recipe.settings.learningRate == 2e-4 && recipe.method.beta == 0.1)
            #expect(recipe.settings.perDeviceTrainBatchSize == 8)
        case .kto:
            let recipe = try read(KTOSettings.self, method, source)
            #expect(recipe.settings.learningRate == 5e-5 && recipe.method.beta == 0.1)
            #expect(recipe.settings.perDeviceTrainBatchSize == 16)
        case .grpo:
            let bench = try await ServiceStore()
            let choice = try await bench.addCase()
            let open = try await bench.store.cases.add(
                CaseDraft(id: "open", question: "What is it?", answer: "Asthma"), actor: nil)
            let rewards = PromptFile(cases: [choice, open], rewardModel: "/reward/adapter").rewards
            let recipe = try read(GRPOSettings.self, method, source, rewards: rewards)
            #expect(recipe.settings.learningRate == 5e-5)
            // Four answers to each of four prompts.
            #expect(recipe.settings.perDeviceTrainBatchSize == 16)
            #expect(recipe.method.own.numGenerations == 4)
            #expect(recipe.method.rollout.maxCompletionLength == 160)
            #expect(try recipe.method.rollout.specifications() == rewards && rewards.count == 3)
        }
    }

    @Test(arguments: UpdateMethod.allCases)
    func theFirstTrainingStartsFromTheModel(method: UpdateMethod) throws {
        let source = UpdateRecipe.Source(model: "m", trainFile: "t", count: 2)
        let text = try UpdateRecipe(method, source).text
        #expect(!text.contains("adapter") && !text.contains("validation_file"))
    }

    /// A job's method is called alike in the database, on the command line and on the pages.
    @Test func methodsHaveOneName() throws {
        for method in UpdateMethod.allCases {
            #expect(method.rawValue == method.training.subcommand)
        }
        let page = try script("methods.js")
        let names = page.matches(of: /method: "([a-z]+)"/).map { String($0.output.1) }
        #expect(Set(names) == Set(UpdateMethod.allCases.map(\.rawValue)))
    }

    /// What the pages draw is what trainers measure.
    @Test func chartsAreOfMetrics() throws {
        let page = try script("update-charts.js")
        let lists = page.matches(of: /(?:names|second): \[([^\]]*)\]/).map(\.output.1)
        let names = lists.flatMap { $0.matches(of: /"([^"]+)"/).map { String($0.output.1) } }
        #expect(
            Set(names) == [
                MetricName.loss, MetricName.heldOut(MetricName.loss), MetricName.rewardMargin,
                MetricName.margin, MetricName.rewardAccuracy, MetricName.accuracy,
                MetricName.reward, MetricName.chosenReward, MetricName.rejectedReward,
                MetricName.divergence,
            ])
    }

    private func script(_ name: String) throws -> String {
        try String(
            contentsOf: TestFiles.root.appending(
                path: "Sources/Workbench/Resources/scripts/\(name)"), encoding: .utf8)
    }
}
