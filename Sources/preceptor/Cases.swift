import ArgumentParser
import CaseBank
import FileFormats
import Foundation

/// `preceptor cases`
struct Cases: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write clinical cases from the built-in case bank as training records.",
        discussion: """
            Each line has a conversation to imitate (messages) or a question to answer (prompt), \
            and the question, options, answer and diagnosis that evaluations and rewards read. \
            Splits never share a combination of condition and findings.
            """)

    @Option(help: "train, validation or test.")
    var split = CaseSplit.train

    @Option(
        help: """
            messages: with an answer, for sft. prompt: the question alone, for grpo with a system \
            prompt that tells what the answer is to look like. thinking: with an answer in \
            <think> and <answer>, for sft before such a grpo.
            """)
    var form = CaseRecord.Form.messages

    @Option(help: "Number of cases.")
    var count = 400

    @Option(help: "Seed of the generator.")
    var seed: UInt64 = 0

    @Option(help: "Where the cases go, JSON Lines.")
    var output: String

    /// More are held in memory for nothing: the bank repeats itself long before.
    static let most = 1_000_000

    func validate() throws {
        try NumberRange.require(count, "--count", 1..., most: Self.most)
    }

    func run() throws {
        let cases = try CaseBank.bundled().generate(split: split, count: count, seed: seed)
        try CaseRecord.write(cases, form: form, to: URL(filePath: output))
        Output.note("\(cases.count) cases: \(output)")
    }
}

extension CaseRecord {
    static func write(_ cases: [CaseItem], form: Form = .messages, to url: URL) throws {
        try JSONLines.write(cases.map { CaseRecord($0, form: form) }, to: url)
    }
}

extension CaseRecord.Form: ExpressibleByArgument {}
