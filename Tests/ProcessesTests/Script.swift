import Foundation
import TestSupport

@testable import Processes

/// A small shell script in a folder of its own, which is `$HERE`.
struct Script {
    let folder: URL
    private let file: URL

    init(_ text: String) throws {
        folder = try TestFiles.scratchFolder()
        file = folder.appending(path: "script.sh")
        try "HERE='\(folder.path)'\n\(text)\n".write(to: file, atomically: true, encoding: .utf8)
    }

    /// What is to be run, under `sh`.
    var words: [String] { ["/bin/sh", file.path] }

    func program(niceness: Int = 0, grace: Duration = .seconds(5)) -> ChildProgram {
        ChildProgram(
            program: words[0], arguments: [words[1]], niceness: niceness, grace: grace)
    }

    /// What the script wrote to a file; nil while it is not there.
    func text(_ name: String) -> String? {
        try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    /// The process numbers in a file, one a line.
    func numbers(_ name: String) -> [Int32] {
        (text(name) ?? "").split(separator: "\n").compactMap { Int32($0) }
    }
}

/// Whether there is such a process, and not only what nobody has collected of it.
func isAlive(_ process: Int32) -> Bool {
    guard kill(process, 0) == 0 else { return false }
    let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    return status?.split(separator: ")").last?.hasPrefix(" Z") != true
}

/// Waits until something is so; false when it is not after so long.
func eventually(
    within limit: Duration = .seconds(20), _ condition: () throws -> Bool
) async rethrows -> Bool {
    let deadline = ContinuousClock.now + limit
    while .now < deadline {
        if try condition() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    // Beside many tests the sleep may have been the longest of all.
    return try condition()
}

/// Lines that were heard.
actor Heard {
    private(set) var lines: [String] = []

    func add(_ line: String) { lines.append(line) }
}
