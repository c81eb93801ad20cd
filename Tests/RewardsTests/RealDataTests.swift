import Foundation
import Records
import Rewards
import TestSupport
import Testing

/// Rewards on records and model answers as they come.
@Suite(.enabled(if: TestFiles.sharedData != nil, "needs ../shared/data"))
struct RealDataTests {
    private func data(_ path: String) throws -> Data {
        try Data(contentsOf: #require(TestFiles.sharedData).appending(path: path))
    }

    private func lines(_ path: String) throws -> [JSONValue] {
        try data(path).split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(JSONValue.self, from: Data($0))
        }
    }

    private func content(_ messages: JSONValue?) -> String {
        messages?.array?.last?["content"]?.string ?? ""
    }

    /// Two language models' answers to 3,000 examination questions, a right and a wrong one each;
    /// the known answer is the whole right one, and the options stand in the prompt.
    @Test func mirageTellsRightFromWrong() throws {
        var settings = AnswerReward.Settings(mode: .option)
        settings.column = "chosen"
        let reward = try AnswerReward(settings: settings)
        let rows = try lines("mirage/preferences.jsonl")
        let scores = ["chosen", "rejected"].map { side in
            reward.scores(
                of: rows.map { row in
                    input(
                        content(row[side]), ["chosen": row["chosen"] ?? .null],
                        prompt: content(row["prompt"]))
                })
        }
        #expect(scores[0].count == 3000)
        #expect(scores[0].allSatisfy { $0 == 1 })
        #expect(scores[1].allSatisfy { $0 == 0 })
    }

    /// 2,304 questions of OmniMedVQA: all options are read from the question, and an answer by
    /// letter, by letter and text, and by text earns the reward; another letter does not.
    @Test(arguments: [
        "paired", "splits/CT(Computed Tomography)_test", "splits/Dermoscopy_test",
        "splits/Fundus Photography_test", "splits/MR (Mag-netic Resonance Imaging)_test",
        "splits/Microscopy Images_test", "splits/OCT (Optical Coherence Tomography_test",
        "splits/X-Ray_test", "splits/ultrasound_test",
    ])
    func omniMedVQA(_ file: String) throws {
        let rows = try JSONDecoder().decode([JSONValue].self, from: data("omnimedvqa/\(file).json"))
        let reward = try AnswerReward(settings: .init(mode: .option))
        for row in rows {
            let columns = row.object ?? [:]
            let solution = try #require(columns["solution"]?.string)
            let letter = try #require(solution.split(separator: " ").dropFirst().first)
            let problem = try #require(columns["problem"]?.string)
            // Options are parted by ", B)"; a label may also end an abbreviation, "(AMD)".
            let start = try #require(problem.firstRange(of: " \(letter))")).upperBound
            let next = problem[start...].firstRange(of: /, [B-D]\)/)?.lowerBound
            let text = problem[start..<(next ?? problem.endIndex)]
            let replies = [solution, "\(letter)", "\(letter)) \(text)", "<answer>\(text)</answer>"]
            for reply in replies {
                #expect(try reward.score(input(reply, columns)) == 1, "\(file) \(reply.count)")
            }
            let other = letter == "A" ? "B" : "A"
            #expect(try reward.score(input("<answer> \(other) </answer>", columns)) == 0)
        }
    }

    /// The written reasonings of PubMedQA in the form that the GRPO recipe asks for.
    @Test func pubMedQAEarnsAllOfTheRecipe() throws {
        var answer = AnswerReward.Settings(mode: .option)
        answer.requireTag = true
        var strict = FormatReward.Settings()
        strict.mode = .strict
        let panel = RewardPanel([
            (try AnswerReward(settings: answer), 2), (IntegerReward(), 0.5),
            (FormatReward(settings: strict), 0.5), (TagCountReward(), 1),
        ])
        let written = try lines("pubmedqa/sft_train.jsonl")
        let prompts = try lines("pubmedqa/grpo_train.jsonl")
        let inputs = zip(written, prompts).map { row, record in
            input(
                content(row["messages"]), ["answer": record["answer"] ?? .null],
                prompt: content(record["prompt"]))
        }
        let scores = try panel.scores(of: inputs)
        #expect(inputs.count == 400)
        #expect(scores.columns[0].allSatisfy { $0 == 1 })
        // Its answers are words: the integer reward does not apply.
        #expect(scores.columns[1].allSatisfy { $0 == nil })
        #expect(scores.columns[2].allSatisfy { $0 == 1 })
        #expect(scores.columns[3].allSatisfy { $0 == 0.5 })
    }
}
