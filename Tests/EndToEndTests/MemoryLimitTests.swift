import Foundation
import Testing

extension OneAtATime {
    /// A run whose machine has too little memory ends with advice, its checkpoint stays, and where
    /// there is more memory it goes on.
    @Suite(.enabled(if: ProgramFolder.hasModel, ProgramFolder.needsModel))
    struct MemoryLimitTests {
        /// What loading takes and a step of these records does not leave.
        private static let limit = 2 << 30

        @Test(.timeLimit(.minutes(10))) func addressSpace() throws {
            try check(prelude: "ulimit -v \(Self.limit / 1024)")
        }

        @Test(
            .timeLimit(.minutes(10)),
            .enabled(if: MemoryGroup.canBeMade, "needs a control group of memory that can be made"))
        func controlGroup() throws {
            let group = try MemoryGroup(limit: Self.limit)
            try check(prelude: "echo $$ > '\(group.members)'")
        }

        private func check(prelude: String) throws {
            let program = try ProgramFolder()
            let words = (0..<160).map { "finding \($0)" }.joined(separator: ", ")
            let rows = (0..<24).map { number in
                #"{"id": "\#(number)", "prompt": "Case \#(number):", "completion": " \#(words)."}"#
            }
            try program.write(rows.joined(separator: "\n"), to: "train.jsonl")
            try program.write(
                """
                train_file: train.jsonl
                per_device_train_batch_size: 4
                max_steps: 3
                lora_r: 4
                save_steps: 1
                output_dir: run
                """, to: "recipe.yaml")
            let begun = try program.start(["sft", "recipe.yaml"])
            try #require(begun.wait { program.exists("run/checkpoint-1") })
            begun.send(SIGKILL)
            _ = try begun.wait()
            try #require(!program.exists("run/adapter"))
            let held = try program.names(in: "run").filter { $0.hasPrefix("checkpoint") }.sorted()

            let line = "\(prelude); exec '\(ProgramFolder.launcher.path)' sft recipe.yaml --resume"
            let short = try program.start(["-c", line], executable: URL(filePath: "/bin/bash"))
                .wait()
            #expect(!short.wasKilled)
            #expect(short.status == 71, "\(short.errors)")
            #expect(short.errors.contains("out of memory"), "\(short.errors)")
            #expect(short.errors.contains("gradient_checkpointing"))
            #expect(
                try program.names(in: "run").filter { $0.hasPrefix("checkpoint") }.sorted() == held)

            let ended = try program.run("sft", "recipe.yaml", "--resume")
            #expect(ended.status == 0, "\(ended.errors)")
            #expect(!ended.errors.contains("passed over"))
            #expect(program.exists("run/adapter"))
        }
    }
}

/// A control group of its own with a limit of memory, of either version; gone with the value.
private final class MemoryGroup {
    private static let root: (folder: URL, limit: String)? = {
        let first = URL(filePath: "/sys/fs/cgroup/memory")
        if FileManager.default.isWritableFile(atPath: first.path) {
            return (first, "memory.limit_in_bytes")
        }
        let second = URL(filePath: "/sys/fs/cgroup")
        let controllers = try? String(
            contentsOf: second.appending(path: "cgroup.subtree_control"), encoding: .utf8)
        return controllers?.contains("memory") == true ? (second, "memory.max") : nil
    }()

    static var canBeMade: Bool { (try? MemoryGroup(limit: 1 << 30)) != nil }

    private let folder: URL
    var members: String { folder.appending(path: "cgroup.procs").path }

    init(limit: Int) throws {
        let root = try #require(Self.root)
        folder = root.folder.appending(path: "preceptor-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let file = try FileHandle(forWritingTo: folder.appending(path: root.limit))
        defer { try? file.close() }
        try file.write(contentsOf: Data("\(limit)".utf8))
    }

    deinit { rmdir(folder.path) }
}
