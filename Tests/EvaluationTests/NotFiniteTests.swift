import Answers
import Datasets
import Foundation
import Generation
import Records
import TestSupport
import Testing
import Torch
import VisionTestSupport

@testable import Evaluation

/// A model that gives no numbers has no accuracy: the first question that shows it is named.
struct NotFiniteTests {
    /// A model whose embedding of Z is no number, and one whose first logit never is.
    private enum Spoilt {
        case letter, everywhere

        func model(in folder: URL) throws -> LanguageModel {
            switch self {
            case .letter:
                let row = 32 * Int(UInt8(ascii: "Z"))
                return try TinyVLM.model(
                    in: folder, withNaNAt: row + 3, of: TinyVLM.embeddings)
            case .everywhere:
                return try TinyVLM.model(in: folder, withNaNAt: 0, of: "lm_head.weight")
            }
        }
    }

    private func withModel(
        _ spoilt: Spoilt, _ body: (LanguageModel, URL) throws -> Void
    ) throws {
        try withFolder { folder in try body(spoilt.model(in: folder), folder) }
    }

    /// Questions of different length; options of one token, or of several.
    private func task(_ frame: AnswerFrame, _ texts: String...) -> EvaluationTask {
        EvaluationTask(
            "task", .init(frame: frame, maximumTokens: 3),
            .init(
                items: texts.enumerated().map { number, text in
                    EvaluationItem(
                        id: "q\(number)", messages: [Message(role: "user", content: text)],
                        options: [.init(label: "A", text: "a"), .init(label: "B", text: "bb")],
                        gold: "A")
                }))
    }

    @Test(arguments: [AnswerFrame.bare, .letterAndText])
    func byLikelihood(frame: AnswerFrame) throws {
        try withModel(.letter) { model, _ in
            let evaluator = Evaluator(model)
            #expect(throws: EvaluationError.notFinite(item: "q1")) {
                try evaluator.likelihood(task(frame, "Which one?", "Which Z?", "And now, which?"))
            }
            let sound = try evaluator.likelihood(task(frame, "Which one?", "And now, which?"))
            #expect(sound.count == 2 && sound.allSatisfy { $0.scores?.count == 2 })
        }
        try withModel(.everywhere) { model, _ in
            #expect(throws: EvaluationError.notFinite(item: "q0")) {
                try Evaluator(model).likelihood(task(frame, "Which one?", "Which two?"))
            }
        }
    }

    /// The likeliest of tokens that have no probability is a token; drawing one gives one too.
    @Test(arguments: [0.0, 1])
    func byGeneration(temperature: Double) throws {
        let settings = SamplingSettings(temperature: temperature, maximumTokens: 3)
        try withModel(.letter) { model, _ in
            #expect(throws: EvaluationError.notFinite(item: "q1")) {
                try Evaluator(model).generation(
                    task(.bare, "Which one?", "Which Z?", "Which?"), settings: settings)
            }
            let sound = try Evaluator(model).generation(
                task(.bare, "Which one?", "Which?"), settings: settings)
            #expect(sound.count == 2)
        }
        try withModel(.everywhere) { model, _ in
            #expect(throws: EvaluationError.notFinite(item: "q0")) {
                try Evaluator(model).generation(
                    task(.bare, "Which one?", "Which two?"), settings: settings)
            }
        }
    }

    /// With top-k, top-p and a penalty the way to a token is another.
    @Test func requestsAreNamedByTheirPlace() throws {
        try withModel(.letter) { model, _ in
            for settings in [
                SamplingSettings.greedy(maximumTokens: 2),
                SamplingSettings(topK: 5, maximumTokens: 2),
                SamplingSettings(topP: 0.5, minP: 0.1, maximumTokens: 2),
                SamplingSettings(repetitionPenalty: 1.2, maximumTokens: 2),
            ] {
                let requests = try ["fine", "Z", "well"].map {
                    try model.request(.text($0), settings: settings)
                }
                let error = #expect(throws: GenerationError.self) {
                    try GenerationEngine(model).generate(requests)
                }
                #expect(error == .notFinite(index: 1, id: nil))
                #expect(error?.description.hasPrefix("prompt 2: ") == true)
            }
        }
    }

    @Test func records() throws {
        try withModel(.letter) { model, folder in
            let file = folder.appending(path: "rows.jsonl")
            let rows = ["is it", "is Z", "Z"].map { #"{"prompt": "\#($0)", "completion": " so"}"# }
            try Data(rows.joined(separator: "\n").utf8).write(to: file)
            let tokenizer = ExampleTokenizer(encoding: model.encoding, maxLength: 64)
            let examples = try TokenizedFile(scanning: file, tokenizer: tokenizer).examples
            let error = #expect(throws: ScoringError.self) {
                try model.logProbabilities(of: examples)
            }
            #expect(error == .notFinite(record: "line 2"))
            #expect(error?.description.hasPrefix("line 2: ") == true)
            #expect(try model.logProbabilities(of: Array(examples.prefix(1))).count == 1)
        }
    }

    @Test func answers() throws {
        try withModel(.letter) { model, _ in
            let records = ["is it", "is Z"].enumerated().map { number, text in
                PromptRecord(id: "p\(number)", line: number, prompt: .text(text), columns: [:])
            }
            let meter = AnswerMeter(model, maximumTokens: 2)
            #expect(throws: EvaluationError.notFinite(item: "p1")) {
                try meter.rows(records, references: [nil, nil])
            }
        }
    }

    /// With an image, and under attack, where one question's error stops no other: this one does.
    @Test func imagesAndAttacks() throws {
        try withModel(.everywhere) { model, folder in
            let asked = try TinyVLM.task(in: folder).task(.noThink)
            #expect(throws: EvaluationError.notFinite(item: "q0")) {
                try Evaluator(model).likelihood(asked)
            }
            let plan = AttackPlan(attacks: [.fgsm], epsilons: [4], settings: AttackSettings())
            let attacker = try Attacker(model, plan, folder: folder.appending(path: "images"))
            #expect(throws: EvaluationError.notFinite(item: "q0")) { try attacker.attack(asked) }
        }
    }

    @Test func wordsNameTheQuestionAlone() {
        let text = EvaluationError.notFinite(item: "q7").description
        #expect(text.hasPrefix("item q7: ") && text.contains("NaN"))
    }
}
