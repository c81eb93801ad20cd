import Answers
import FileFormats
import Foundation
import Images
import Randomness
import Records
import TestSupport
import Testing
import VisionTestSupport

@testable import Evaluation

/// Folds of a cross-validation as one, and the linear probe.
struct FoldTests {
    /// Two questions with two images each; options A and B, right as given.
    private func fold(
        _ gold: [String], scores: [Double], training: [String], clusters: [Int?]? = nil
    ) -> AnsweredFold {
        let options = [AnswerOption(label: "A", text: "x"), AnswerOption(label: "B", text: "y")]
        func question(_ number: Int, _ gold: String) -> VisionQuestion {
            VisionQuestion(
                id: "line-\(number)", text: "Q", asked: asked(gold),
                images: [ImageReference(path: "\(number)")],
                facets: ["modality": "CT", "task": "Disease Diagnosis"],
                cluster: clusters?[number])
        }
        func asked(_ gold: String) -> TextQuestion {
            TextQuestion(question: "Q", options: options, gold: gold)
        }
        let items = zip(gold, scores).enumerated().map { number, pair in
            ItemResult(
                id: "line-\(number)", gold: pair.0, predicted: pair.1 > 0 ? "B" : "A",
                scores: ["A": 0, "B": pair.1])
        }
        return AnsweredFold(
            task: VisionTask(
                kind: .omnimedvqa, questions: gold.enumerated().map(question), dataHash: "0"),
            training: TextTraining(questions: training.map(asked), sha256: "0"),
            results: TemplateResults(
                template: .plain, items: items, controls: [.blank: items, .shuffled: items]))
    }

    /// Right: 3 of 4. The majority is each fold's own: B, then A: 1 + 1 of 4 are right. Of the
    /// pairs of an A and a B, those with scores (1, -1), (1, 3), (2, -1), (2, 3) for (B, A).
    @Test func eachFoldHasItsOwnControls() throws {
        let folds = [
            fold(["A", "B"], scores: [-1, 1], training: ["B", "B", "A"]),
            fold(["A", "B"], scores: [3, 2], training: ["A", "A", "B"]),
        ]
        let summary = VisionSummary(
            pooling: folds, model: "m", adapter: "a",
            settings: VisionSettings(templates: [.plain], method: .likelihood))
        let row = try #require(summary.templates[0].rows.first)
        #expect(row.n == 4 && row.accuracy.value == 0.75)
        #expect(row.control("majority") == 0.5)
        let options = try #require(row.options)
        #expect(options.area == 0.5 && options.balancedAccuracy == 0.75)
        #expect(summary.trainQuestions == 3 && row.clusters == nil)
    }

    /// Clusters of different folds are different ones, whatever their numbers.
    @Test func clustersStayApart() throws {
        let folds = (0..<3).map { _ in
            fold(["A", "B"], scores: [-1, 1], training: ["A"], clusters: [0, 0])
        }
        let summary = VisionSummary(
            pooling: folds, model: "m", adapter: nil,
            settings: VisionSettings(templates: [.plain], method: .likelihood))
        #expect(summary.templates[0].rows[0].clusters == 3)
    }

    @Test func report() throws {
        let folds = [fold(["A", "B"], scores: [-1, 1], training: ["A", "B"])]
        let summary = VisionSummary(
            pooling: folds, model: "m", adapter: nil,
            settings: VisionSettings(templates: [.plain], method: .likelihood))
        let report = FoldReport(
            title: "Findings", folds: 2,
            subjects: [
                .init(name: "base", summary: summary), .init(name: "sight", summary: summary),
            ], command: "preceptor study x.yaml")
        let text = report.markdown()
        // A breakdown of one part is all questions again: one row a model.
        #expect(text.components(separatedBy: "| all | base |").count == 3)
        #expect(!text.contains("| CT | base |"))
        #expect(text.contains("AUC (95 %)") && text.contains("preceptor study x.yaml"))
        try withFolder { folder in
            try report.write(to: folder)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(
                Set(names).isSuperset(of: [
                    "report.html", "report.md", "report.json", "sight-accuracy-plain.svg",
                ]))
        }
    }

    /// Dark and light pictures: what a tower with random weights gives of them parts them.
    @Test func aProbeLearnsWhatTheTowerSees() throws {
        try withFolder { folder in
            let model = try TinyVLM.model(in: folder)
            let made = try MadeImages(folder.appending(path: "images"))
            func task(_ range: Range<Int>) throws -> VisionTask {
                let questions = try range.map { number in
                    var stream = RandomStream(seed: UInt64(number))
                    let grey = number % 2 == 0 ? 60 : 180
                    let pixels = (0..<(16 * 16 * 3)).map { _ in
                        UInt8(grey + stream.next(below: 40))
                    }
                    return VisionQuestion(
                        id: "q\(number)", text: "\(ImageReference.placeholder)Q? A)dark, B)light",
                        asked: TextQuestion(
                            question: number < 100 ? "Q?" : "R?",
                            options: [
                                AnswerOption(label: "A", text: "dark"),
                                AnswerOption(label: "B", text: "light"),
                            ], gold: number % 2 == 0 ? "A" : "B"),
                        images: [
                            try made.write(
                                RGBImage(width: 16, height: 16, pixels: pixels), as: "\(number)")
                        ], facets: [:])
                }
                return VisionTask(kind: .omnimedvqa, questions: questions, dataHash: "0")
            }
            let probe = try LinearProbe(model)
            let items = try probe.answers(task(40..<52), training: task(0..<24))
            #expect(items.filter(\.correct).count == 12)
            let scores = try #require(items[0].scores)
            #expect(abs(scores.values.reduce(0) { $0 + exp($1) } - 1) < 1e-9)
            // What nothing was learnt of is not answered.
            let other = try probe.answers(task(100..<102), training: task(0..<24))
            #expect(other.allSatisfy { $0.predicted == nil && !$0.correct })
        }
    }
}
