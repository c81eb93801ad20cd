import Foundation
import TestSupport
import Testing
import Torch

struct ControlGroupTests {
    private func group(_ membership: String, _ files: [String: String]) throws -> ControlGroup {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for (path, text) in files.merging(["membership": membership], uniquingKeysWith: { $1 }) {
            let file = folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return ControlGroup(membership: folder.appending(path: "membership"), root: folder)
    }

    @Test func theLeastOfAGroupAndThoseAboveIt() throws {
        let group = try group(
            "0::/a/b\n",
            [
                "cpu.max": "max 100000\n", "a/cpu.max": "150000 100000\n",
                "a/b/cpu.max": "400000 100000\n", "a/memory.max": "max\n",
                "a/b/memory.max": "1073741824\n",
            ])
        #expect(group.processorLimit == 1.5)
        #expect(group.memoryLimit == 1 << 30)
        #expect(Runtime.availableProcessors(group) <= 2)
    }

    @Test func versionOne() throws {
        let group = try group(
            "4:memory:/job\n3:cpu,cpuacct:/job\n",
            [
                "cpu,cpuacct/job/cpu.cfs_quota_us": "50000", "cpu,cpuacct/cpu.cfs_quota_us": "-1",
                "cpu,cpuacct/job/cpu.cfs_period_us": "100000",
                "cpu,cpuacct/cpu.cfs_period_us": "100000",
                "memory/job/memory.limit_in_bytes": "536870912",
                "memory/memory.limit_in_bytes": "9223372036854771712",
            ])
        #expect(group.processorLimit == 0.5)
        #expect(group.memoryLimit == 1 << 29)
        #expect(Runtime.availableProcessors(group) == 1)
    }

    @Test func noneMeansAllProcessors() throws {
        let group = try group("", [:])
        let nowhere = URL(filePath: "/nowhere")
        #expect(group == ControlGroup(membership: nowhere, root: nowhere))
        #expect(group.processorLimit == nil && group.memoryLimit == nil)
        #expect(
            Runtime.availableProcessors(group) == ProcessInfo.processInfo.activeProcessorCount)
    }

    /// What damaged files say is not taken for a limit.
    @Test func nonsense() throws {
        let group = try group("0::/\n", ["cpu.max": "100000 0", "memory.max": "lots"])
        #expect(group.processorLimit == nil && group.memoryLimit == nil)
    }
}
