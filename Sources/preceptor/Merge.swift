import ArgumentParser
import FileFormats
import Foundation
import Models
import Torch

/// `preceptor merge`
struct Merge: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take an adapter into a model's weights and write the whole as a folder.",
        discussion: """
            The result is a Hugging Face folder like the base, which is left as it is. Layers that \
            the adapter trained whole take the place of the base's.
            """)

    @Option(help: "The base model, a Hugging Face folder.")
    var model: String

    @Option(help: "A folder with a PEFT adapter of it.")
    var adapter: String

    @Option(help: "The folder to write; it must not be there yet.")
    var output: String

    func run() throws {
        let target = URL(filePath: output)
        guard !FileManager.default.fileExists(atPath: target.path) else {
            throw ValidationError("\(output) is there already")
        }
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Runtime.start()
        try MergedFolder.write(
            base: URL(filePath: model), adapter: URL(filePath: adapter), to: target)
        Output.print(output)
    }
}
