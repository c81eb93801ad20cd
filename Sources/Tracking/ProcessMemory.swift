import Foundation

/// The most memory this process has had resident so far, in bytes; 0 where the system does not
/// say.
public func peakMemoryBytes() -> Int {
    #if os(Linux)
        // Not getrusage, whose maximum outlives exec and so may be that of the parent.
        return statusBytes(of: "VmHWM")
    #else
        var usage = rusage()
        guard getrusage(RUSAGE_SELF, &usage) == 0 else { return 0 }
        return usage.ru_maxrss
    #endif
}

/// The memory this process has resident now, in bytes; 0 where the system does not say.
public func residentMemoryBytes() -> Int {
    #if os(Linux)
        return statusBytes(of: "VmRSS")
    #else
        var info = mach_task_basic_info()
        var count = mach_msg_type_number_t(
            MemoryLayout<mach_task_basic_info>.size / MemoryLayout<natural_t>.size
        )
        let status = withUnsafeMutablePointer(to: &info) { pointer in
            pointer.withMemoryRebound(to: integer_t.self, capacity: Int(count)) {
                task_info(mach_task_self_, task_flavor_t(MACH_TASK_BASIC_INFO), $0, &count)
            }
        }
        return status == KERN_SUCCESS ? Int(info.resident_size) : 0
    #endif
}

#if os(Linux)
    /// A line of `/proc/self/status`, as "VmRSS:     5120 kB".
    private func statusBytes(of key: String) -> Int {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("\(key):") }),
            let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first
        else { return 0 }
        return (Int(kibibytes) ?? 0) * 1024
    }
#endif
