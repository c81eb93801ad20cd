import Answers
import Foundation
import Images
import Records
import TestSupport
import Testing

@testable import Evaluation

struct VisionEvaluationTests {
    /// The task with a PNG of its own for each question, 6 wide and 4 high.
    private func task(_ folder: URL, count: Int = 4) throws -> VisionTask {
        let made = try MadeImages(folder.appending(path: "files"))
        let plain = visionTask(count)
        return VisionTask(
            kind: plain.kind,
            questions: try plain.questions.enumerated().map { number, question in
                let pixels = [UInt8](repeating: UInt8(number), count: 72)
                return VisionQuestion(
                    id: question.id, text: question.text, asked: question.asked,
                    images: [
                        try made.write(
                            RGBImage(width: 6, height: 4, pixels: pixels), as: "\(number)")
                    ], facets: question.facets)
            }, dataHash: "0")
    }

    private func evaluation(
        _ task: VisionTask, _ folder: URL, identity: String = "model"
    ) -> VisionEvaluation {
        VisionEvaluation(
            task, settings: VisionSettings(templates: [.noThink, .plain]), folder: folder,
            identity: [identity], names: ("m", nil))
    }

    /// What a model is shown under each condition: its images, grey ones of the same size, other
    /// questions' images.
    @Test func conditions() throws {
        try withFolder { folder in
            let task = try task(folder)
            var shown: [[ImageReference]] = []
            var sizes: [ImageSize] = []
            let (summary, results) = try evaluation(task, folder).run(training: nil) { asked in
                let images = asked.items.map { $0.images[0] }
                shown.append(images)
                sizes += try images.map { try ImageFile.size(of: $0) }
                if shown.count == 2 {
                    let grey = try ImageFile.read(images[0])
                    #expect(grey.pixels.allSatisfy { $0 == 128 })
                    #expect(Set(images).count == 1)
                }
                return rows("1100")
            }
            #expect(shown.count == 6 && summary.n == 4 && results.count == 2)
            #expect(Set(sizes) == [ImageSize(width: 6, height: 4)])
            let own = task.questions.map { $0.images[0] }
            #expect(shown[0] == own && Set(shown[2]) == Set(own))
            #expect(zip(shown[2], own).allSatisfy { $0 != $1 })
            #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "blank").path))
        }
    }

    /// What is done is not asked again; what was interrupted goes on; another model asks anew.
    @Test func goesOn() throws {
        struct Stop: Error {}
        try withFolder { folder in
            let task = try task(folder)
            var asked = 0
            let run = { (identity: String, limit: Int) in
                asked = 0
                return try evaluation(task, folder, identity: identity).run(training: nil) { _ in
                    if asked == limit { throw Stop() }
                    asked += 1
                    return rows("1010")
                }.summary
            }
            #expect(throws: Stop.self) { try run("model", 2) }
            let first = try run("model", 9)
            #expect(asked == 4)
            #expect(try run("model", 9) == first && asked == 0)
            _ = try run("other", 9)
            #expect(asked == 6)
        }
    }

    /// Images whose bytes are others are asked about anew.
    @Test func changedImages() throws {
        try withFolder { folder in
            let plain = try task(folder)
            let asked = try ["1", "2", "2"].map { hash in
                let task = VisionTask(
                    kind: plain.kind, questions: plain.questions, dataHash: "0", imagesHash: hash)
                var count = 0
                _ = try evaluation(task, folder).run(training: nil) { _ in
                    count += 1
                    return rows("1010")
                }
                return count
            }
            #expect(asked == [6, 6, 0])
        }
    }

    /// Copies of one image cannot be shuffled: the control is missing, not zero.
    @Test func equalImagesCannotBeShuffled() throws {
        try withFolder { folder in
            let whole = try task(folder, count: 2)
            let image = whole.questions[0].images
            let copies = VisionTask(
                kind: .omnimedvqa,
                questions: whole.questions.map {
                    VisionQuestion(
                        id: $0.id, text: $0.text, asked: $0.asked, images: image,
                        facets: $0.facets)
                }, dataHash: "0")
            let summary = try evaluation(copies, folder).run(training: nil) { _ in rows("10") }
                .summary
            let control = try #require(summary.templates[0].rows[0].controls.last)
            #expect(control.accuracy == nil && control.missing == "all images are the same")
        }
    }

    /// By likelihood open questions are left out, and the summary says how many.
    @Test func openQuestionsByLikelihood() throws {
        try withFolder { folder in
            var questions = try task(folder, count: 2).questions
            questions.append(
                VisionQuestion(
                    id: "open", text: "Where?",
                    asked: TextQuestion(question: "Where?", options: [], gold: "left"),
                    images: questions[0].images, facets: [:]))
            let all = VisionTask(kind: .omnimedvqa, questions: questions, dataHash: "0")
            let evaluation = VisionEvaluation(
                all, settings: VisionSettings(method: .likelihood), folder: folder, identity: [],
                names: ("m", nil))
            let summary = try evaluation.run(training: nil) { asked in
                #expect(asked.items.count == 2)
                return rows("10")
            }.summary
            #expect(summary.n == 2 && summary.unasked == 1)
            #expect(summary.table().contains("1 open questions were not asked"))
        }
    }

    @Test func batchesKeepWhatIsDone() throws {
        try withFolder { folder in
            var batch = BatchSummary(entries: [
                .init(name: "a", file: "a.json"), .init(name: "b", file: "b.json"),
                .init(name: "c", file: "c.json"),
            ])
            let task = try task(folder)
            batch.entries[0].summary = try evaluation(task, folder).run(training: nil) { _ in
                rows("1110")
            }.summary
            batch.entries[1].error = "an image is missing"
            try batch.write(to: folder)
            let text = batch.table()
            #expect(batch.failures == 1)
            #expect(text.contains("75.0 %") && text.contains("b: error: an image is missing"))
            // A file that failed has no accuracy, nor has one that was not reached.
            let others = text.split(separator: "\n").filter {
                $0.hasPrefix("b ") || $0.hasPrefix("c ")
            }
            #expect(others.allSatisfy { !$0.contains("%") } && others.count == 2)
        }
    }
}
