import Foundation
import TestSupport
import Testing

/// Runs of the real program on the real model that are killed again and again.
@Suite(.serialized, .enabled(if: Program.isBuilt, "needs the built program and default model"))
struct KillTests {
    /// Twenty SIGKILLs at random moments; the adapter is that of the run that was left alone.
    @Test(.timeLimit(.minutes(10)))
    func killedRunsEndBitEqual() throws {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let recipe = try TinyRun.write(to: folder)
        let reference = folder.appending(path: "reference")
        let whole = try Program.run(
            ["sft", recipe.path, "--output_dir", reference.path])
        try #require(whole.status == 0, "\(whole.errors)")

        var delays = SystemDelays(seed: 11)
        var kills = 0
        var round = 0
        while kills < 20 {
            round += 1
            let run = folder.appending(path: "killed-\(round)")
            while true {
                let started = FileManager.default.fileExists(
                    atPath: run.appending(path: "run.json").path)
                let arguments =
                    ["sft", recipe.path, "--output_dir", run.path] + (started ? ["--resume"] : [])
                let result = try Program.run(
                    arguments, killedAfter: kills < 20 ? delays.next() : nil)
                if result.status == 0 { break }
                try #require(result.wasKilled, "\(result.errors)")
                kills += 1
            }
            #expect(try Self.adapter(run) == Self.adapter(reference), "round \(round)")
            #expect(try Self.steps(run) == Self.steps(reference), "round \(round)")
        }
        #expect(kills >= 20)
    }

    /// SIGINT writes a checkpoint and ends cleanly; going on gives the same bits.
    @Test(.timeLimit(.minutes(5)))
    func interruptedRunGoesOn() throws {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let recipe = try TinyRun.write(to: folder)
        let runs = ["whole", "interrupted"].map { folder.appending(path: $0) }
        let whole = try Program.run(["sft", recipe.path, "--output_dir", runs[0].path])
        try #require(whole.status == 0)
        let arguments = [
            "sft", recipe.path, "--output_dir", runs[1].path, "--save_steps", "1000",
        ]
        let first = try Program.run(
            arguments, interruptedWhen: runs[1].appending(path: "metrics.jsonl"))
        #expect(first.status == 0 && first.errors.contains("--resume"))
        let second = try Program.run(arguments + ["--resume"])
        #expect(second.status == 0)
        #expect(try Self.adapter(runs[0]) == Self.adapter(runs[1]))
    }

    private static func adapter(_ run: URL) throws -> Data {
        try Data(contentsOf: run.appending(path: "adapter/adapter_model.safetensors"))
    }

    /// The steps of the training rows, in the order of the file: each once.
    private static func steps(_ run: URL) throws -> [Int] {
        try String(contentsOf: run.appending(path: "metrics.jsonl"), encoding: .utf8)
            .split(separator: "\n")
            .compactMap { line in
                let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                return row?["loss"] == nil ? nil : row?["step"] as? Int
            }
    }
}

/// Seconds before a kill: from the start of the process to its last steps.
private struct SystemDelays {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return 0.3 + Double(state >> 40) / Double(1 << 24) * 2
    }
}
