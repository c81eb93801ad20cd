import Foundation
import TestSupport
import Testing

/// A folder in which the built program runs as a user would start it: through the launcher.
final class ProgramFolder {
    static let launcher = TestFiles.root.appending(path: "preceptor")
    static let isBuilt = FileManager.default.isExecutableFile(
        atPath: TestFiles.root.appending(path: ".build/release/preceptor").path)
    static let hasModel = isBuilt && TestFiles.defaultModel != nil
    static let needsBuild: Comment = "needs ./preceptor, see make build"
    static let needsModel: Comment = "needs ./preceptor and .models, see make build"

    /// Relative paths count from here.
    let folder: URL

    init() throws { folder = try TestFiles.scratchFolder() }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Runs the program to its end.
    func run(_ arguments: String..., input: String = "") throws -> RunningProgram.Result {
        try start(arguments, input: input).wait()
    }

    /// Starts the program, or another one, without what this environment says to it.
    func start(
        _ arguments: [String], input: String = "", executable: URL = launcher,
        environment: [String: String] = [:]
    ) throws -> RunningProgram {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment
            .filter { key, _ in
                key == "PRECEPTOR_CPU" || key != "COLUMNS" && !key.hasPrefix("PRECEPTOR_")
            }
            .merging(environment) { $1 }
        return try RunningProgram(process, in: self, input: input)
    }

    func url(_ name: String) -> URL { folder.appending(path: name) }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: url(name).path) }

    /// The names of what a folder below holds.
    func names(in name: String = ".") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: url(name).path)
    }

    func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: url(name)) }

    func read(_ name: String) throws -> String {
        try String(contentsOf: url(name), encoding: .utf8)
    }

    /// The JSON objects of a file, a line each.
    func rows(_ name: String) throws -> [[String: Any]] {
        try read(name).split(separator: "\n").map { try object(String($0)) }
    }
}

/// The object that a text of JSON is.
func object(_ json: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
}
