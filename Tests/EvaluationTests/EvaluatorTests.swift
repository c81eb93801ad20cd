import Answers
import Datasets
import Evaluation
import Foundation
import Generation
import TestSupport
import Testing
import Torch

/// On the real default model, with few questions.
@Suite(.serialized, .enabled(if: TestFiles.defaultModel != nil, "needs the default model"))
struct EvaluatorTests {
    private func model() throws -> LanguageModel {
        try LanguageModel.load(try #require(TestFiles.defaultModel), dtype: .float32, device: .cpu)
    }

    /// Letters (one token each), and letters with texts (several, of unequal number).
    @Test func likelihoodAgreesWithScoringEachOptionAlone() throws {
        let model = try model()
        let text = #"{"question": "Which is a fruit?", "options": ["stone", "apple"], "answer": 1}"#
        try withFolder { folder in
            let file = folder.appending(path: "questions.jsonl")
            try Data(text.utf8).write(to: file)
            let tasks = [
                try EvaluationTask.load(.caseBank(.test, count: 3, seed: 1)),
                try EvaluationTask.load(.multipleChoice(file)),
            ]
            for task in tasks {
                let results = try Evaluator(model).likelihood(task)
                #expect(results.map(\.id) == task.items.map(\.id))
                for (item, result) in zip(task.items, results) {
                    let prompt = try model.encoding.renderPrompt(item.messages)
                    let scores = item.options.map { option in
                        let isLong = task.frame == .letterAndText
                        let reply = isLong ? " \(option.label). \(option.text)" : " \(option.label)"
                        let opening = model.tokenizer.encode("Answer:").map { Int32($0) }
                        let ids = model.tokenizer.encode(reply).map { Int32($0) }
                        let sum = alone(model, prompt + opening, ids).reduce(0) { $0 + Double($1) }
                        return isLong ? sum / Double(ids.count) : sum
                    }
                    for (option, score) in zip(item.options, scores) {
                        #expect(abs((result.scores?[option.label] ?? .nan) - score) < 1e-3)
                    }
                    let best = zip(item.options, scores).max { $0.1 < $1.1 }?.0.label
                    #expect(result.predicted == best)
                }
            }
        }
    }

    private func alone(_ model: LanguageModel, _ prompt: [Int32], _ reply: [Int32]) -> [Float] {
        withInference {
            let hidden = model.decoder.hidden(.init([prompt + reply]))
            let logits = model.decoder.logits(hidden).logSoftmax(-1)
            return reply.enumerated().map { index, token in
                logits.select(0, prompt.count - 1 + index).select(0, Int(token)).item(Float.self)
            }
        }
    }

    @Test func batchesDoNotChangeScoresAndProgressIsComplete() throws {
        let model = try model()
        let task = try EvaluationTask.load(.caseBank(.test, count: 28, seed: 2))
        var seen: [EvaluationProgress] = []
        let together = try Evaluator(model) { seen.append($0) }.likelihood(task)
        #expect(seen.count > 1 && seen.last?.done == 28 && seen.last?.total == 28)
        #expect(seen.map(\.done) == seen.map(\.done).sorted())
        let few = try EvaluationTask.load(
            .caseBank(.test, count: 28, seed: 2),
            selection: .random(2, seed: 5)
        )
        for result in try Evaluator(model).likelihood(few) {
            let other = try #require(together.first { $0.id == result.id })
            #expect(other.predicted == result.predicted)
            for (label, score) in try #require(result.scores) {
                #expect(abs((other.scores?[label] ?? .nan) - score) < 1e-3)
            }
        }
    }

    @Test func generationParsesWhatTheModelSays() throws {
        let model = try model()
        let task = try EvaluationTask.load(.caseBank(.test, count: 3, seed: 1))
        var last: EvaluationProgress?
        let results = try Evaluator(model) { last = $0 }
            .generation(task, settings: .greedy(maximumTokens: 12), width: 2)
        #expect(last == EvaluationProgress(done: 3, total: 3))
        for (item, result) in zip(task.items, results) {
            let text = try #require(result.text)
            #expect(result.id == item.id && !text.isEmpty && result.scores == nil)
            #expect(result.predicted == AnswerParser(options: item.options).label(in: text))
        }
        #expect(throws: EvaluationError.self) {
            try Evaluator(model).generation(task, settings: .greedy(maximumTokens: 0))
        }
    }

    @Test func questionsThatDoNotFitAreNamed() throws {
        let long = String(repeating: "word ", count: 9000)
        let text = #"{"id": "long", "question": "\#(long)", "options": ["a", "b"], "answer": 1}"#
        try withFolder { folder in
            let file = folder.appending(path: "questions.jsonl")
            try Data(text.utf8).write(to: file)
            let task = try EvaluationTask.load(.multipleChoice(file))
            let error = #expect(throws: EvaluationError.self) {
                try Evaluator(try model()).likelihood(task)
            }
            #expect(error?.description.hasPrefix("item long has 90") == true)
        }
    }
}
