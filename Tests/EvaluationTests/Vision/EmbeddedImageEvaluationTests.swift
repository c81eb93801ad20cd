import Datasets
import Foundation
import Generation
import Images
import Records
import TestSupport
import Testing
import VisionTestSupport

@testable import Evaluation

/// Images in base64 are asked about, attacked and put in one another's place as files are.
struct EmbeddedImageEvaluationTests {
    private func tasks(in folder: URL) throws -> (files: VisionTask, letters: VisionTask) {
        let made = try MadeImages(folder.appending(path: "files"))
        var rows: [[String]] = [[], []]
        for number in 0..<3 {
            let image = try made.write(TinyVLM.picture(number), as: "\(number)")
            let letters = try Data(contentsOf: URL(filePath: image.path)).base64EncodedString()
            for (place, written) in [image.path, letters].enumerated() {
                let row: [String: String] = [
                    "id": "q\(number)", "img": written, "problem": "Which? A)CT, B)MRI, C)US",
                    "solution": "B) MRI",
                ]
                let data = try JSONEncoder().encode(row)
                rows[place].append(String(decoding: data, as: UTF8.self))
            }
        }
        let tasks = try rows.enumerated().map { place, rows in
            let url = folder.appending(path: "\(place).jsonl")
            try Data(rows.joined(separator: "\n").utf8).write(to: url)
            return try VisionTask.load(.omnimedvqa, url, images: ImageOrigin(column: "img"))
        }
        return (tasks[0], tasks[1])
    }

    @Test func scoresAndControlsAreThoseOfFiles() throws {
        try withFolder { folder in
            let model = try TinyVLM.model(in: folder)
            let (files, letters) = try tasks(in: folder)
            #expect(letters.questions.allSatisfy { $0.images.first?.embedded != nil })
            #expect(letters.questions.map(\.cluster) == files.questions.map(\.cluster))
            #expect(
                letters.imagesHash != nil && letters.questions.allSatisfy { $0.asked.gold == "B" })
            let results = try [files, letters].map {
                try Evaluator(model).likelihood($0.task(.noThink)).map(\.scores)
            }
            #expect(results[0] == results[1])
            let shown = try [files, letters].map { task in
                let images = task.questions.flatMap(\.images)
                let shuffled = try #require(try ImageDerangement(files: images, seed: 3))
                return images.map { images.firstIndex(of: shuffled($0)) }
            }
            #expect(shown[0] == shown[1])
            let blank = try MadeImages(folder.appending(path: "blank"))
            let size = try ImageFile.size(of: blank.blank(like: letters.questions[0].images[0]))
            #expect(size == TinyVLM.picture(0).size)
        }
    }

    @Test func attacksReadThem() throws {
        try withFolder { folder in
            let model = try TinyVLM.model(in: folder)
            let plan = AttackPlan(
                attacks: [.fgsm], epsilons: [8], settings: AttackSettings())
            let (files, letters) = try tasks(in: folder)
            let records = try [files, letters].enumerated().map { place, task in
                try Attacker(model, plan, folder: folder.appending(path: "attack-\(place)"))
                    .attack(task.task(.noThink))
            }
            #expect(records[0] == records[1] && records[0].allSatisfy { $0.error == nil })
        }
    }
}
