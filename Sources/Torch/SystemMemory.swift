import Foundation

/// The machine's memory, bytes; nil where the system does not say.
public struct SystemMemory: Sendable {
    public let total: Int
    /// What can be had without pushing anything out.
    public let available: Int

    public init?() {
        guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else {
            let total = Int(clamping: ProcessInfo.processInfo.physicalMemory)
            guard total > 0 else { return nil }
            (self.total, available) = (total, total)
            return
        }
        func bytes(_ name: String) -> Int? {
            let line = text.split(separator: "\n").first { $0.hasPrefix("\(name):") }
            let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            return kilobytes.map { $0 * 1024 }
        }
        guard let total = bytes("MemTotal"), let available = bytes("MemAvailable") else {
            return nil
        }
        (self.total, self.available) = (total, available)
    }
}
