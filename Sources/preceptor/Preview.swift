import ArgumentParser
import Datasets
import Foundation
import Generation

/// `preceptor preview`
struct Preview: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how records become tokens, and which of them are trained on.")

    @OptionGroup var model: ModelOptions

    @Option(help: "Records to look at, JSON Lines or a JSON array.")
    var data: String

    @OptionGroup var images: RecordImageOptions

    @Option(help: "Longest record in tokens.")
    var maxLength = 1024

    @Option(help: "Records to show.")
    var count = 1

    func validate() throws {
        try NumberRange.require(maxLength, "--max-length", 1...)
        try NumberRange.require(count, "--count", 0...)
    }

    func run() throws {
        let model = try model.load()
        let tokenizer = ExampleTokenizer(encoding: model.encoding, maxLength: maxLength)
        let file = try TokenizedFile(
            scanning: URL(filePath: data), tokenizer: tokenizer, images: images.origin)
        let style: Datasets.Preview.Style = isatty(STDOUT_FILENO) == 1 ? .colour : .brackets
        let preview = Datasets.Preview(style: style, decode: model.encoding.decode)
        for example in file.examples.prefix(count) { Output.print(preview.text(of: example)) }
        Output.print(preview.text(of: file.statistics, maxLength: maxLength), terminator: "")
        for warning in file.warnings { Output.note("\(warning)") }
        if model.vision != nil, let few = ImageShare(file.examples).note { Output.note(few) }
        if !file.problems.isEmpty { throw DatasetError.unusable(file.problems) }
    }
}
