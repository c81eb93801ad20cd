import FileFormats
import Foundation
import Recipes
import Testing

@testable import Alignment

/// Updates of each parameter in a checkpoint, and in those that had one count for all.
struct OptimizerCountTests {
    /// Three steps in which one matrix alone has a gradient, then the checkpoint read anew.
    private func counts(_ change: ([String: Any]) -> [String: Any]) throws -> [String: Int] {
        let fixture = try LoopFixture()
        return try fixture.withFolder { folder in
            _ = try fixture.loop(folder, 3, save: 3).run(
                from: TrainingState.Record(), epoch: { Double($0) },
                step: { _ in fixture.report(1, gradient: 1) }, validate: nil)
            let checkpoint = RunFolder(folder).checkpoint(3)
            let file = checkpoint.appending(path: "state.json")
            let state = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
            let changed = change(try #require(state as? [String: Any]))
            try JSONSerialization.data(withJSONObject: changed).write(to: file)
            try Checksums.writeManifest(folder: checkpoint)
            let fresh = fixture.state()
            #expect(try fresh.restore(from: checkpoint).updates == 3)
            return fresh.optimizer.steps
        }
    }

    @Test func areKept() throws {
        let counts = try counts { $0 }
        #expect(counts.values.filter { $0 == 3 }.count == 1)
        #expect(counts.count > 1 && counts.values.filter { $0 == 0 }.count == counts.count - 1)
    }

    /// A checkpoint from before they were counted one by one.
    @Test func oneCountForAll() throws {
        let counts = try counts { state in
            var state = state
            #expect(state.removeValue(forKey: "optimizerSteps") != nil)
            return state
        }
        #expect(counts.count > 1 && counts.values.allSatisfy { $0 == 3 })
    }

    @Test func missingCountIsDamage() throws {
        let error = #expect(throws: FormatError.self) {
            try counts { state in
                var state = state
                state["optimizerSteps"] = ["other": 3]
                return state
            }
        }
        #expect(error?.reason == "has no count of updates")
    }
}
