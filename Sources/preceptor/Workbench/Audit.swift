import ArgumentParser
import Feedback
import Foundation

/// `preceptor audit`
struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What was done in a workbench, and whether its log is whole.",
        subcommands: [Verify.self])

    /// `preceptor audit verify`
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Follow the chain of the audit log; find any altered or missing row.",
            discussion: "Ends with status 1 where the log is not what was written.")

        @Option(help: "The workbench's data folder.")
        var data = "runs/workbench"

        func run() async throws {
            let file = URL(filePath: data).appending(path: "workbench.sqlite")
            guard FileManager.default.fileExists(atPath: file.path) else {
                throw ValidationError("\(file.path): there is no workbench")
            }
            let result = try await AuditLog(FeedbackDatabase.open(file)).verify()
            if let fault = result.fault {
                Output.print("\(result.count) entries are good; \(fault)")
                throw ExitCode(1)
            }
            Output.print("\(result.count) entries, all good; the last has the hash \(result.head)")
        }
    }
}
