import ArgumentParser
import Evaluation
import Foundation

/// `preceptor compare`
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare two evaluations of the same questions, with paired tests.",
        discussion: "Example: preceptor compare runs/before runs/after --output runs/comparison")

    @Argument(help: "The folder of the first evaluation, usually the older model.")
    var first: String

    @Argument(help: "The folder of the second.")
    var second: String

    @Option(help: "A folder for comparison.json and comparison.svg.")
    var output: String?

    func run() throws {
        let comparison = try PairedComparison(
            reading: URL(filePath: first), URL(filePath: second))
        if let output { try comparison.write(to: URL(filePath: output)) }
        Output.print(comparison.table())
    }
}
