import ArgumentParser
import Datasets
import Evaluation
import Foundation
import Generation
import Randomness
import Records
import Rewards

/// `preceptor answers`
struct Answers: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer a file of prompts and measure the answers as texts.",
        discussion: """
            Greedy answers: length, truncation, form, divergence from the model without its \
            adapter, refusals, BLEU and ROUGE against reference answers, a reward model's score. \
            Writes answers.json and answers.jsonl, which holds the texts, into the output folder.
            """)

    @OptionGroup var model: ModelOptions

    @Option(help: "Prompts, JSON Lines, in any of the forms that grpo reads.")
    var data: String

    @OptionGroup var images: RecordImageOptions

    @Option(help: "Answer only this many prompts, chosen by --seed.")
    var limit: Int?

    @Option(help: "Longest answer in tokens.")
    var maxTokens = 256

    @Option(help: "The column of the reference answer, text or messages.")
    var referenceColumn = "answer"

    @Option(help: "Tags that an answer ought to have, such as reasoning,answer.")
    var formatTags: String?

    @Option(help: "strict, full or soft; see Documentation/Rewards.md.")
    var formatMode = FormatReward.Mode.soft

    @Option(help: "A reward model's adapter folder.")
    var rewardModel: String?

    @Option(help: "Seed of the prompts' choice and of the bootstrap.")
    var seed: UInt64 = 0

    @Option(help: "The folder for answers.json and answers.jsonl.")
    var output: String

    func validate() throws {
        try NumberRange.require(limit, "--limit", 1...)
        try NumberRange.require(maxTokens, "--max-tokens", 1...)
    }

    func run() throws {
        let file = try RecordFile<PromptRecord>(
            reading: URL(filePath: data), policy: .stop, images: images.origin)
        let records = chosen(file.records)
        let references = records.map { $0.answer(in: referenceColumn) }
        let model = try model.load()
        model.noteShare(of: records)
        let judge = try rewardModel.map {
            try RewardModel.load(URL(filePath: $0), onto: model, name: "judge")
        }
        let rows = try AnswerMeter(model, judge: judge, maximumTokens: maxTokens).rows(
            records, references: references, hasForm: form)
        let summary = AnswerSummary(rows, references: references, seed: seed)
        try AnswerOutput(summary: summary, rows: rows).write(to: URL(filePath: output))
        try Output.json(summary)
    }

    /// In the order of the file; the same for the same seed.
    private func chosen(_ records: [PromptRecord]) -> [PromptRecord] {
        guard let limit else { return records }
        var stream = RandomStream(seed: seed)
        var places = Array(records.indices)
        stream.shuffle(&places)
        return places.prefix(limit).sorted().map { records[$0] }
    }

    /// The recipe's format reward as a yes or no.
    private var form: ((String) -> Bool)? {
        guard let formatTags else { return nil }
        var settings = FormatReward.Settings()
        settings.mode = formatMode
        settings.tags = formatTags.split(separator: ",").map(String.init)
        let reward = FormatReward(settings: settings)
        return { text in
            let input = RewardInput(prompt: .text(""), completion: text, completionTokens: 1)
            return reward.scores(of: [input]) == [1]
        }
    }
}

extension FormatReward.Mode: ExpressibleByArgument {}

extension PromptRecord {
    /// The text of a column, or of the last turn that it holds.
    func answer(in column: String) -> String? {
        guard let value = columns[column] else { return nil }
        return value.string ?? value.array?.last?["content"]?.string
    }
}
