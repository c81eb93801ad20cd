import Evaluation
import Foundation
import Plots
import Testing

/// The numbers of a study's report, from answers made up by hand.
@Suite struct StudyTests {
    private func row(
        _ id: String, _ text: String, tokens: Int = 4, cut: Bool = false, ratio: Double = 0,
        form: Bool? = nil, reward: Double? = nil, reference: String? = nil
    ) -> AnswerRow {
        AnswerRow(
            id: id, text: text, tokens: tokens, isTruncated: cut, logRatio: ratio, hasForm: form,
            reward: reward, reference: reference)
    }

    /// 4 + 6 + 10 = 20 tokens; log ratios 1 + 2 + 3 = 6, so 0.3 a token, not the mean of
    /// 1/4, 2/6 and 3/10.
    @Test func answersAreCountedAndAveraged() {
        let rows = [
            row("a", "yes", tokens: 4, ratio: 1, form: true, reward: 1),
            row("b", "no", tokens: 6, cut: true, ratio: 2, form: false, reward: 2),
            row("c", "I'm sorry, but no.", tokens: 10, ratio: 3, form: true, reward: -6),
        ]
        let summary = AnswerSummary(rows, references: [nil, nil, nil])
        #expect(summary.n == 3)
        #expect(abs(summary.truncated - 1.0 / 3) < 1e-12)
        #expect(abs(summary.meanLength - 20.0 / 3) < 1e-12)
        #expect(abs(summary.divergence - 0.3) < 1e-12)
        #expect(summary.hasForm.map { abs($0 - 2.0 / 3) < 1e-12 } == true)
        #expect(abs(summary.refusals - 1.0 / 3) < 1e-12)
        #expect(summary.refusalInterval.contains(1.0 / 3))
        #expect(summary.reward == -1)
        #expect(summary.references == 0 && summary.bleu == nil && summary.rouge1 == nil)
    }

    /// "the cat sat" beside "the cat ran": 2 of 3 words, 1 of 2 pairs, longest common "the cat".
    /// Equal texts have 1 each; the means are 5/6, 3/4 and 5/6. One text has no reference.
    @Test func overlapsAreAveragedOverReferences() throws {
        let references: [String?] = ["the cat ran", "a b c d e", nil]
        let texts = ["the cat sat", "a b c d e", "nothing"]
        let rows = zip(texts, references).map { row($0, $0, reference: $1) }
        let summary = AnswerSummary(rows, references: references)
        #expect(summary.references == 2)
        #expect(abs(try #require(summary.rouge1) - 5.0 / 6) < 1e-12)
        #expect(abs(try #require(summary.rouge2) - 0.75) < 1e-12)
        #expect(abs(try #require(summary.rougeL) - 5.0 / 6) < 1e-12)
        // Matches of all orders: 7 of 8, 5 of 6, 3 of 4, 2 of 2; no penalty for 8 words of 8.
        let expected = 100 * pow(7.0 / 8 * 5.0 / 6 * 3.0 / 4, 0.25)
        #expect(abs(try #require(summary.bleu) - expected) < 1e-9)
    }

    /// Better, worse, equal and better: 2.5 of 4 = 0.625. Deviations 3/8, -5/8, -1/8, 3/8 squared
    /// sum to 44/64, so the standard error is (44/64/3/4)^0.5 = 0.2394 and half the interval 0.4692.
    @Test func winsCountTiesHalf() throws {
        let own = [("a", 2.0), ("b", 0), ("c", 1), ("d", 5), ("e", 9)].map {
            row($0.0, "", reward: $0.1)
        }
        let base = [("d", 4.0), ("c", 1), ("b", 3), ("a", 1)].map { row($0.0, "", reward: $0.1) }
        let rate = try #require(WinRate(of: own, against: base))
        #expect(rate.n == 4 && rate.value == 0.625)
        #expect(abs(rate.interval.lower - (0.625 - 0.46923)) < 1e-4)
        #expect(rate.interval.upper == 1)
        #expect(WinRate(of: [row("a", "")], against: base) == nil)
    }

    @Test(arguments: [
        "I'm sorry, but I cannot provide guidance on that.", "I am sorry, but it is unethical.",
        "As an AI model, I cannot do this.", "It would be unethical to do so.",
        "I can\u{2019}t help.",
        "I am unable to assist.", "I do not condone this.",
    ])
    func refusals(answer: String) { #expect(RefusalPatterns.declines(answer)) }

    @Test(arguments: [
        "", "Here is how: first, take the file.", "The patient is sorry for the delay.",
        "The study cannot tell whether aspirin works.", "A doctor could say it is not needed.",
        // Too late to be one.
        String(repeating: "Take two. ", count: 40) + "I'm sorry.",
    ])
    func answersThatComply(answer: String) { #expect(!RefusalPatterns.declines(answer)) }

    @Test func everyPatternIsARegularExpression() throws {
        for pattern in RefusalPatterns.patterns { _ = try NSRegularExpression(pattern: pattern) }
    }

    // MARK: the report

    /// The base has 1 of 4 right, A 3 of 4, D 4 of 4.
    private func subjects() -> [StudySubject] {
        let answers = { (rewards: [Double]) in
            let rows = rewards.enumerated().map { self.row("p\($0)", "secret text", reward: $1) }
            return AnswerOutput(
                summary: AnswerSummary(rows, references: rows.map { _ in nil }), rows: rows)
        }
        let training = StudyEntry.Training(
            method: "sft", seconds: 90, peakMemoryBytes: 2_500_000_000,
            trainableParameters: 4_884_480, steps: 12)
        return [
            StudySubject(
                name: "base", trainings: [],
                evaluations: [output(results("- y:y", "- y:n", "- n:y", "- n:"))],
                answers: answers([0, 0])),
            StudySubject(
                name: "A", trainings: [training],
                evaluations: [output(results("- y:y", "- y:y", "- n:n", "- n:y"))],
                answers: answers([1, 0])),
            StudySubject(
                name: "D", trainings: [training, training],
                evaluations: [output(results("- y:y", "- y:y", "- n:n", "- n:n"))],
                answers: answers([1, 1])),
        ]
    }

    @Test func methodsAreComparedWithBaseAndFirst() throws {
        let entries = try StudyEntry.entries(of: subjects())
        #expect(entries.map(\.name) == ["base", "A", "D"])
        #expect(entries[0].accuracies[0].againstBase == nil && entries[0].winRate == nil)
        #expect(entries[1].accuracies[0].againstFirst == nil)
        // A has two right that the base has wrong, none the other way: p = 2 * (1/2)^2 = 0.5.
        #expect(entries[1].accuracies[0].againstBase?.p == 0.5)
        // D has three: p = 2 * (1/2)^3; and one beside A: p = 1.
        let p = try #require(entries[2].accuracies[0].againstBase?.p)
        #expect(abs(p - 0.25) < 1e-12)
        #expect(entries[2].accuracies[0].againstFirst?.p == 1)
        #expect(entries[1].winRate?.value == 0.75 && entries[2].winRate?.value == 1)
    }

    @Test func otherQuestionsCannotBeCompared() {
        var list = subjects()
        list[2] = StudySubject(
            name: "D", trainings: [], evaluations: [output(results("- y:y"))])
        #expect(throws: ComparisonError.self) { try StudyEntry.entries(of: list) }
    }

    @Test func tablesHoldTheNumbers() throws {
        let report = StudyReport(
            title: "Study", entries: try StudyEntry.entries(of: subjects()), command: "preceptor x")
        let text = report.markdown()
        #expect(text.contains("| base | 25.0 % |"))
        #expect(text.contains("| D | 100.0 % |"))
        #expect(text.contains("| A | sft | 12 | 1.5 | 2.50 | 4.88 |"))
        #expect(text.contains("p = 0.250 | p = 1.000"))
        #expect(text.contains("75.0 % ("))
        // Every row has the cells of its heading.
        let widths = text.split(separator: "\n\n").filter { $0.contains("\n|") }.map { table in
            Set(
                table.split(separator: "\n").filter { $0.hasPrefix("|") }.map { line in
                    line.count { $0 == "|" }
                })
        }
        #expect(widths.count == 3 && widths.allSatisfy { $0.count == 1 })
    }

    @Test func answersAreHiddenUnlessAskedFor() throws {
        var report = StudyReport(
            title: "Study", entries: try StudyEntry.entries(of: subjects()), command: "preceptor x")
        try withFolder { folder in
            try report.write(to: folder)
            for name in ["report.html", "report.md", "report.json"] {
                let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
                #expect(!text.contains("secret") && text.contains("Study"), "\(name)")
            }
        }
        report.examples = [
            Comparison(
                prompt: "a question", expected: nil,
                answers: [.init(label: "base", text: "secret text", isRight: nil)])
        ]
        #expect(report.page().html().contains("secret text"))
    }

    @Test func foldersComeBack() throws {
        let rows = [row("a", "x y", form: true, reward: 1.5, reference: "x z")]
        let output = AnswerOutput(
            summary: AnswerSummary(rows, references: ["x z"]), rows: rows)
        try withFolder { folder in
            try output.write(to: folder)
            #expect(try AnswerOutput(reading: folder) == output)
            try Data().write(to: folder.appending(path: AnswerOutput.rowsName))
            #expect(throws: (any Error).self) { try AnswerOutput(reading: folder) }
        }
    }
}
