import Feedback
import Foundation
import Records
import Rewards
import TestSupport
import Testing

@testable import Workbench

/// Recipes, data and results of the methods.
struct UpdateMethodTests {
    @Test func fewRecordsGetEnoughStepsAndManyNotTooMany() throws {
        func steps(_ method: UpdateMethod, _ count: Int) throws -> Int {
            try UpdateRecipe(method, .init(model: "m", trainFile: "t", count: count)).steps
        }
        // 3 records, one step of 3 an epoch, 3 epochs: fewer than the least.
        #expect(try steps(.dpo, 3) == 8)
        // 90 records in steps of 8 are 12 an epoch.
        #expect(try steps(.dpo, 90) == 36)
        #expect(try steps(.dpo, 1000) == 60)
        // 40 records in steps of 4 are 10 an epoch.
        #expect(try steps(.sft, 40) == 30)
    }

    @Test func aRecipeIsFlatYAMLThatGoesOnFromTheParent() throws {
        let recipe = try UpdateRecipe(
            .dpo,
            .init(model: "tiny", adapter: "/a b/adapter", trainFile: "train.jsonl", count: 20))
        #expect(
            recipe.text == """
                adapter: "/a b/adapter"
                beta: 0.1
                learning_rate: 0.0002
                lora_dropout: 0
                lr_scheduler_type: "cosine"
                max_steps: 9
                model: "tiny"
                overlong_records: "skip"
                per_device_train_batch_size: 8
                save_steps: 9
                save_total_limit: 1
                train_file: "train.jsonl"
                warmup_ratio: 0.1

                """)
    }

    @Test func groupsAreWholeInEveryStepOfGRPO() throws {
        for count in 2...9 {
            let text = try UpdateRecipe(
                .grpo, .init(model: "m", trainFile: "t", count: count),
                rewards: [
                    RewardSpecification(
                        name: "judge", kind: .model(ModelRewardSettings(path: "/reward")))
                ]
            ).text
            // Answers a step: four to each of at most four prompts.
            let answers = 4 * min(count, 4)
            #expect(text.contains("per_device_train_batch_size: \(answers)\n"))
            #expect(text.contains("num_generations: 4\n"))
            #expect(
                text.contains(
                    #"""
                    rewards: [{"name":"judge","path":"/reward","type":"model","weight":1}]

                    """#))
        }
    }

    @Test func promptsCarryWhatRewardsThem() async throws {
        let bench = try await ServiceStore()
        let choice = try await bench.addCase()
        let open = try await bench.store.cases.add(
            CaseDraft(id: "open", question: "What is it?", answer: "Asthma"), actor: nil)
        let file = PromptFile(cases: [choice, open], rewardModel: "/reward/adapter")
        #expect(file.lines.count == 2)
        #expect(file.lines[0]["letter"] == .string("B"))
        #expect(file.lines[0]["options"]?["A"] == .string("Aspirin"))
        #expect(file.lines[0]["diagnosis"] == nil)
        #expect(file.lines[1]["diagnosis"] == .string("Asthma"))
        #expect(file.lines[1]["letter"] == nil)
        #expect(
            file.lines[1]["prompt"]?.array?.first?["content"]?.string
                == open.messages.first?.content)
        let rewards = file.rewards.map(\.json)
        #expect(rewards.map { $0["type"]?.string } == ["answer", "answer", "model"])
        #expect(rewards.map { $0["column"]?.string } == ["letter", "diagnosis", nil])
        #expect(PromptFile(cases: [open], rewardModel: nil).rewards.count == 1)
    }

    @Test func metricsAreReadAsTheyGrow() async throws {
        let url = try TestFiles.scratchFolder().appending(path: "metrics.jsonl")
        let tail = MetricsTail(url)
        #expect(await tail.read().isEmpty)
        let first = #"{"step":1,"epoch":0.5,"time":9,"loss":0.5,"grad_norm":null}"#
        try (first + "\n" + #"{"step":2,"lo"#).write(to: url, atomically: false, encoding: .utf8)
        var rows = await tail.read()
        #expect(rows.map(\.step) == [1])
        #expect(rows.first?.values == ["loss": 0.5])
        #expect(await tail.read().isEmpty)
        let file = try FileHandle(forWritingTo: url)
        try file.seekToEnd()
        try file.write(contentsOf: Data("ss\":1}\nnoise\n{\"step\":3,\"loss\":2}\n".utf8))
        try file.close()
        rows = await tail.read()
        #expect(rows.map(\.step) == [2, 3])
        #expect(await MetricsTail.curves(url)["loss"] == [[1, 0.5], [2, 1], [3, 2]])
    }

    @Test func aVersionIsNotWorseWhereNothingFellAndSomethingWasMeasured() {
        func metrics(_ pairs: ([Bool], [Bool]), _ cases: ([Bool], [Bool])) -> VersionMetrics {
            VersionMetrics(
                preferenceAccuracy: .init(before: pairs.0, after: pairs.1),
                caseAccuracy: .init(before: cases.0, after: cases.1))
        }
        #expect(metrics(([true, false], [false, true]), ([], [])).isNotWorse)
        #expect(!metrics(([true], [false]), ([false], [true])).isNotWorse)
        #expect(!metrics(([false], [true]), ([true], [false])).isNotWorse)
        #expect(!metrics(([], []), ([], [])).isNotWorse)
    }

    @Test func theIntervalOfAnAccuracyIsWilsons() {
        let outcomes = Array(repeating: true, count: 8) + [false, false]
        let change = VersionMetrics.Change(before: outcomes, after: outcomes)
        // Wilson for 8 of 10: centre (0.8 + z2/20) / (1 + z2/10) = 0.71674 with z2 = 3.84146,
        // half width 0.22657.
        #expect(abs((change.low ?? 0) - 0.49016) < 1e-4)
        #expect(abs((change.high ?? 0) - 0.94332) < 1e-4)
    }

    @Test func aRewardModelIsMeasuredOnHeldOutPairs() throws {
        let folder = JobFolder(url: try TestFiles.scratchFolder())
        let curves = ["eval_accuracy": [[4, 0.5], [8, 0.8]]]
        let result = RewardModelResult(jobID: 4, folder: folder, heldOut: 10, curves: curves)
        #expect(result.accuracy == 0.8)
        #expect(abs((result.low ?? 0) - 0.49016) < 1e-4)
        try result.write(to: folder)
        #expect(RewardModelResult.read(folder) == nil)
        try FileManager.default.createDirectory(
            at: folder.run.adapter, withIntermediateDirectories: true)
        try "{}".write(
            to: folder.run.adapter.appending(path: "adapter_config.json"), atomically: true,
            encoding: .utf8)
        #expect(RewardModelResult.read(folder) == result)
        let unmeasured = RewardModelResult(jobID: 4, folder: folder, heldOut: 0, curves: curves)
        #expect(unmeasured.accuracy == nil)
    }
}
