import Foundation

/// What Linux's control groups grant this process (`cgroups(7)`): the least of its own group and of
/// those above it. Nothing where there are none.
public struct ControlGroup: Sendable, Equatable {
    /// Processors' worth of time.
    public var processorLimit: Double?
    /// Bytes.
    public var memoryLimit: Int?

    /// - Parameters:
    ///   - membership: the file that names the process's groups.
    ///   - root: where the groups are mounted.
    public init(
        membership: URL = URL(filePath: "/proc/self/cgroup"),
        root: URL = URL(filePath: "/sys/fs/cgroup")
    ) {
        let lines = (try? String(contentsOf: membership, encoding: .utf8)) ?? ""
        for line in lines.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let controllers = parts[1].split(separator: ",")
            if controllers.isEmpty {
                read(root, String(parts[2]), Self.unified)
            } else if controllers.contains("cpu") {
                read(root.appending(path: String(parts[1])), String(parts[2]), Self.processors)
            } else if controllers.contains("memory") {
                read(root.appending(path: String(parts[1])), String(parts[2]), Self.memory)
            }
        }
    }

    private typealias Limits = (processors: Double?, memory: Int?)

    /// Takes the least over a group and all above it; in a container the group's own path may not
    /// be visible, and the root is it.
    private mutating func read(_ root: URL, _ path: String, _ limits: (URL) -> Limits) {
        var names = path.split(separator: "/").map(String.init)
        while true {
            let found = limits(names.reduce(root) { $0.appending(path: $1) })
            processorLimit = [processorLimit, found.processors].compactMap { $0 }.min()
            memoryLimit = [memoryLimit, found.memory].compactMap { $0 }.min()
            if names.popLast() == nil { return }
        }
    }

    /// Version 2: `cpu.max` is "quota period" or "max period".
    private static func unified(_ folder: URL) -> Limits {
        let words = text(folder, "cpu.max")?.split(separator: " ").map { Double($0) } ?? []
        let quota: Double? =
            if words.count == 2, let quota = words[0], let period = words[1], period > 0 {
                quota / period
            } else { nil }
        return (quota, text(folder, "memory.max").flatMap { Int($0) })
    }

    /// Version 1: a quota below zero is none.
    private static func processors(_ folder: URL) -> Limits {
        guard let quota = text(folder, "cpu.cfs_quota_us").flatMap({ Double($0) }), quota > 0,
            let period = text(folder, "cpu.cfs_period_us").flatMap({ Double($0) }), period > 0
        else { return (nil, nil) }
        return (quota / period, nil)
    }

    /// Version 1: what is nearly the largest number of bytes is no limit.
    private static func memory(_ folder: URL) -> Limits {
        let limit = text(folder, "memory.limit_in_bytes").flatMap { Int($0) }
        return (nil, limit.flatMap { $0 < 1 << 60 ? $0 : nil })
    }

    private static func text(_ folder: URL, _ name: String) -> String? {
        try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
