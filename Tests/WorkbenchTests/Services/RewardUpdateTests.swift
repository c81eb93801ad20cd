import Feedback
import Foundation
import TestSupport
import Testing

@testable import Workbench

/// The reward model, and the method that learns from it.
struct RewardUpdateTests {
    @Test func aRewardModelMakesNoVersionAndRewardsTheNextGRPO() async throws {
        let bench = try await ServiceStore()
        for _ in 0..<2 { try await bench.addPair() }
        try await bench.addPair(heldOut: true)
        let program = try FakeProgram(
            """
            \(FakeProgram.here)
            cp "$2" "$HERE/recipe-$1"
            mkdir -p "$4/adapter"
            echo '{"step":8,"epoch":1,"time":1,"eval_accuracy":1}' > "$4/metrics.jsonl"
            echo '{}' > "$4/adapter/adapter_config.json"
            """)
        let settings = UpdateSettings(
            program: program.path, model: "tiny", folder: try TestFiles.scratchFolder())
        let engine = ScriptedEngine { operation in
            guard case .score(let score) = operation else {
                return ScriptedEngine.reply("Answer: B")
            }
            let rows = score.items.map { $0.completions.map { _ in -1.0 } }
            return [
                .scores(.init(logProbabilities: rows, tokens: rows.map { $0.map { _ in 1 } })),
                .done,
            ]
        }
        let service = UpdateService(store: bench.store, engine: engine, settings: settings)
        let reward = try await service.update(.reward, by: nil)
        for await _ in try await service.events(reward.id) {}
        let ended = try await bench.store.jobs.find(reward.id)
        #expect(ended.state == .finished)
        #expect(ended.versionID == nil)
        #expect(try await bench.store.versions.all().count == 1)
        let result = try #require(try await service.rewardModels().first)
        #expect(result.accuracy == 1)
        #expect(result.n == 1)
        #expect(program.text("recipe-reward")?.contains("validation_file") == true)
        #expect(program.text("recipe-reward")?.contains("eval_steps: 8\n") == true)

        let grpo = try await service.update(.grpo, by: nil)
        for await _ in try await service.events(grpo.id) {}
        #expect(try await bench.store.jobs.find(grpo.id).state == .finished)
        let recipe = try #require(program.text("recipe-grpo"))
        #expect(recipe.contains(#""path":"\#(result.path)""#))
        #expect(recipe.contains(#""column":"letter""#))
    }
}
