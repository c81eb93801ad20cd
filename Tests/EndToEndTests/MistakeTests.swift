import Foundation
import TestSupport
import Testing

/// What a newcomer gets wrong ends with a sentence that says what to do, never with a crash.
@Suite(.serialized, .enabled(if: Program.isBuilt, "needs the built program and default model"))
struct MistakeTests {
    @Test(arguments: [
        (["generate", "--prompt", "x", "--model", "/no/such/model"], "/no/such/model"),
        (["generate", "--prompt", "x", "--device", "tpu"], "unknown device 'tpu'"),
        (["generate", "--prompt", "x", "--device", "cuda:77"], "cuda:77"),
        (["generate", "--prompt", "x", "--top-p", "2"], "top-p"),
        (["generate"], "--prompt"),
        (["sft", "/no/recipe.yaml"], "/no/recipe.yaml"),
        (["evaluate", "--task", "pubmedqa", "--output", "o"], "--data is missing"),
        (["compare", "/no/a", "/no/b"], "/no/a"),
    ])
    func isNamed(arguments: [String], expected: String) throws {
        let result = try Program.run(arguments)
        #expect(result.status != 0 && !result.wasKilled)
        #expect(result.errors.contains(expected), "\(result.errors)")
        #expect(!result.errors.contains("Fatal error"))
    }

    /// A model cut off anywhere is refused with its name.
    @Test(arguments: [0, 3, 24, 4096, 1_000_000, 90_000_000])
    func truncatedModelIsRefused(bytes: Int) throws {
        let model = try #require(TestFiles.defaultModel)
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let copy = folder.appending(path: "cut.gguf")
        let handle = try FileHandle(forReadingFrom: model)
        try (handle.read(upToCount: bytes) ?? Data()).write(to: copy)
        let result = try Program.run(["generate", "--prompt", "x", "--model", copy.path])
        #expect(result.status != 0 && !result.wasKilled)
        #expect(result.errors.contains("cut.gguf"), "\(result.errors)")
    }

    /// Every bad line is named, and no text of a record is shown.
    @Test func badRecordsAreAllNamed() throws {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let recipe = try TinyRun.write(to: folder)
        let rows = folder.appending(path: "rows.jsonl")
        let bad = """
            {"messages": [{"role": "user", "content": "SECRET NAME"}]}
            {"messages": [{"role": "user", "content": "SECRET
            {"question": "SECRET"}
            """
        try (Data(contentsOf: rows) + Data(bad.utf8)).write(to: rows)
        let result = try Program.run(["sft", recipe.path, "--output_dir", "run"])
        #expect(result.status != 0)
        for line in 7...9 {
            #expect(result.errors.contains("rows.jsonl:\(line):"), "\(result.errors)")
        }
        #expect(!result.errors.contains("SECRET"))
    }
}
