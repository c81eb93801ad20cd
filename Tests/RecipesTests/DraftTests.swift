import Foundation
import TestSupport
import Testing

@testable import Recipes

/// Recipes that say only what somebody has set, and what methods say of themselves.
struct DraftTests {
    @Test func whatIsSetIsWrittenAndReadAgain() throws {
        var draft = RecipeDraft<GRPOSettings>()
        draft.set(\.settings, \.trainFile, to: "/data/a.jsonl")
        draft.set(\.settings, \.overlongRecords, to: .skip)
        draft.set(\.method.rollout, \.rewards, to: [.object(["type": .string("integer")])])
        draft.set(\.method.own, \.lossType, to: .drGRPO)
        // As the default is, and said all the same.
        draft.set(\.settings, \.seed, to: 42)
        let text = try draft.text()
        #expect(
            text == """
                loss_type: "dr_grpo"
                overlong_records: "skip"
                rewards: [{"type":"integer"}]
                seed: 42
                train_file: "/data/a.jsonl"

                """)
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "recipe.yaml")
        try Data(text.utf8).write(to: file)
        let read = try RecipeReader.read(GRPORecipe.self, file: file, overrides: [])
        #expect(read.settings == draft.recipe.settings)
        #expect(read.method.own == draft.recipe.method.own)
        #expect(
            try read.method.rollout.specifications()
                == draft.recipe.method.rollout.specifications())
    }

    @Test func aMethodsRecipeIsItsOwn() throws {
        for method in TrainingMethod.allCases {
            let folder = try RecipeReader.defaults(of: method.recipe)["output_dir"]
            #expect(folder == .string("runs/\(method.subcommand)"))
        }
        #expect(TrainingMethod.allCases.filter { $0.writes == .rewardModel } == [.reward])
        #expect(TrainingMethod.allCases.filter { $0.reads == .prompts } == [.ppo, .grpo, .rloo])
        #expect(TrainingMethod.allCases.filter { !$0.validates } == [.ppo])
    }

    @Test func aWordOrNone() throws {
        typealias Word = ChoiceOrNone<KTOLossType>
        func word(_ json: String) throws -> Word {
            try JSONDecoder().decode(Word.self, from: Data(json.utf8))
        }
        #expect(try word("\"\"") == Word() && word("\"kto\"") == Word(.kto))
        #expect(throws: DecodingError.self) { try word("\"dpo\"") }
        #expect(Word(.kto).word == "kto" && Word().word == "")
        #expect(Word.keyType == .choice(["", "kto", "apo_zero_unpaired"]))
        #expect(try String(decoding: JSONEncoder().encode(Word()), as: UTF8.self) == "\"\"")
    }

    @Test func aRunsFilesHaveTheirNames() throws {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let run = RunFolder(folder)
        #expect(run.checkpoint(7).lastPathComponent == "checkpoint-7")
        #expect(RunFolder.isCheckpoint("checkpoint-7") && !RunFolder.isCheckpoint("adapter"))
        #expect(run.checkpointSteps.isEmpty && !run.hasAdapter)
        for name in ["checkpoint-2", "checkpoint-10", "checkpoint-x", "adapter"] {
            try FileManager.default.createDirectory(
                at: folder.appending(path: name), withIntermediateDirectories: true)
        }
        #expect(run.checkpointSteps == [10, 2] && !run.hasAdapter)
        try Data("{}".utf8).write(to: run.adapter.appending(path: "adapter_config.json"))
        #expect(run.hasAdapter)
    }
}
