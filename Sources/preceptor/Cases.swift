import ArgumentParser
import CaseBank
import FileFormats
import Foundation
import Records

/// `preceptor cases`
struct Cases: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write clinical cases from the built-in case bank as training records.",
        discussion: """
            Each line has the conversation to train on (messages) and the question, options and \
            answer to evaluate with. Splits never share a combination of condition and findings.
            """)

    @Option(help: "train, validation or test.")
    var split = CaseSplit.train

    @Option(help: "Number of cases.")
    var count = 400

    @Option(help: "Seed of the generator.")
    var seed: UInt64 = 0

    @Option(help: "Where the cases go, JSON Lines.")
    var output: String

    func validate() throws {
        if count < 1 { throw ValidationError("--count must be 1 or more") }
    }

    func run() throws {
        let cases = try CaseBank.bundled().generate(split: split, count: count, seed: seed)
        try CaseRecord.write(cases, to: URL(filePath: output))
        Output.note("\(cases.count) cases: \(output)")
    }
}

/// A case as a training record that `evaluate --task multiple-choice` reads too.
struct CaseRecord: Encodable {
    let id: String
    let messages: [Message]
    let question: String
    let options: [String: String]
    let answer: String
    let diagnosis: String
    let specialty: String

    init(_ item: CaseItem) {
        id = item.id
        messages = item.messages
        question = "\(item.vignette) \(item.question)"
        options = Dictionary(uniqueKeysWithValues: item.options.map { ($0.letter, $0.text) })
        answer = item.answer
        diagnosis = item.diagnosis
        specialty = item.specialty
    }

    static func write(_ cases: [CaseItem], to url: URL) throws {
        try JSONLines.write(cases.map(CaseRecord.init), to: url)
    }
}
