import ArgumentParser
import Datasets
import FileFormats
import Foundation
import Generation

/// `preceptor score`
struct Score: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Log-probabilities of given completions.",
        discussion: """
            Input: one JSON object a line with 'prompt' and 'completion', both text or both lists \
            of messages. Output: one line for each, with the completion's 'token_ids' (the \
            end-of-turn included when conversational) and their 'logprobs'.
            """)

    @OptionGroup var model: ModelOptions

    @Option(help: "Rows to score, JSON Lines.")
    var input: String

    @OptionGroup var images: RecordImageOptions

    @Option(help: "Where the scored rows go, JSON Lines.")
    var output: String

    /// One row out.
    private struct Row: Encodable {
        let id: String
        let tokenIDs: [Int32]
        let logProbabilities: [Float]

        enum CodingKeys: String, CodingKey {
            case id
            case tokenIDs = "token_ids"
            case logProbabilities = "logprobs"
        }
    }

    func run() throws {
        let file = try RecordFile<PromptCompletionRecord>(
            reading: URL(filePath: input), policy: .stop, images: images.origin)
        let model = try model.load()
        model.noteShare(of: file.records)
        let tokenizer = ExampleTokenizer(
            encoding: model.encoding,
            maxLength: model.decoder.configuration.maximumPositions)
        let examples = try tokenizer.examples(of: file)
        let scores = try model.logProbabilities(of: examples)
        let rows = zip(examples, scores).map { example, values in
            let ids = zip(example.tokenIDs, example.labels).filter(\.1).map(\.0)
            return Row(id: example.id, tokenIDs: ids, logProbabilities: values)
        }
        try JSONLines.write(rows, to: URL(filePath: output))
        Output.note("\(rows.count) rows scored: \(output)")
    }
}
