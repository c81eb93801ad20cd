import Datasets
import Evaluation
import Foundation
import Records
import TestSupport
import Testing

struct VisionTaskTests {
    /// A folder with this file and some images beside it.
    private func withFile(
        _ text: String, _ name: String, images: [String], _ body: (URL) throws -> Void
    ) throws {
        try withFolder { folder in
            for image in images {
                let file = folder.appending(path: image)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(image.utf8).write(to: file)
            }
            let file = folder.appending(path: name)
            try Data(text.utf8).write(to: file)
            try body(file)
        }
    }

    private func problems(_ kind: VisionTask.Kind, _ url: URL) -> [RecordProblem] {
        do {
            _ = try VisionTask.load(kind, url)
            return []
        } catch .data(.unusable(let problems)) {
            return problems
        } catch {
            Issue.record(error)
            return []
        }
    }

    @Test func omniMedVQA() throws {
        let text = """
            [{"image": "a.png", "problem": "What modality is this? A)CT, B)MRI.",
              "solution": "<answer> B </answer>"},
             {"image": "b.png", "problem": "What is seen? A)Cyst, B)Mass, C)Normal",
              "solution": "C", "modality": "OCT", "task": "Lesion Grading"},
             {"image": "a.png", "problem": "What is the finding? A)Cyst, B)Mass",
              "solution": "Mass", "modality": "Holography"}]
            """
        try withFile(text, "MR (Mag-netic)_test.json", images: ["a.png", "b.png"]) { url in
            let task = try VisionTask.load(.omnimedvqa, url)
            #expect(task.questions.map(\.asked.gold) == ["B", "C", "B"])
            #expect(
                task.questions.map { $0.facets["modality"] ?? "" } == ["MRI", "OCT", "Holography"])
            #expect(
                task.questions.map { $0.facets["task"] ?? "" }
                    == ["Modality Recognition", "Lesion Grading", "Disease Diagnosis"])
            #expect(task.questions[1].asked.options.map(\.text) == ["Cyst", "Mass", "Normal"])
            // The first and the last are about one image.
            #expect(task.questions.map(\.cluster) == [0, 1, 0])
            #expect(task.questions[0].asked.question == "What modality is this?")
            let asked = task.task(.noThink)
            #expect(asked.frame == .inlineTag && asked.maximumTokens == 256)
            #expect(asked.items[0].images.count == 1 && asked.items[0].messages.count == 2)
            #expect(
                asked.items[0].messages[1].content
                    == "\(ImageReference.placeholder)What modality is this? A)CT, B)MRI.")
            #expect(asked.items[1].group == "OCT, Lesion Grading")
        }
    }

    @Test func vqaRAD() throws {
        let text = """
            [{"qid": 7, "image_name": "x.jpg", "image_organ": "HEAD", "answer": "Yes",
              "answer_type": "CLOSED ", "question_type": "PRSE", "question": "Is it there?"},
             {"qid": 8, "image_name": "x.jpg", "image_organ": "CHEST", "answer": "left",
              "answer_type": "CLOSED", "question_type": "POS, PRES", "question": "Left or right?"},
             {"qid": 9, "image_name": "x.jpg", "answer": 4, "question": "How many? "}]
            """
        try withFile(text, "test.json", images: ["images/x.jpg"]) { url in
            let task = try VisionTask.load(.vqaRAD, url)
            #expect(task.questions.map(\.id) == ["7", "8", "9"])
            #expect(task.questions.map(\.asked.gold) == ["yes", "left", "4"])
            #expect(task.questions.map(\.asked.isOpen) == [false, true, true])
            #expect(
                task.questions.map { $0.facets["split"] ?? "" } == ["closed", "closed", "open"])
            #expect(task.questions[0].facets["type"] == "PRES")
            #expect(task.questions[1].facets["type"] == "POS")
            #expect(task.questions[2].facets["type"] == nil)
            #expect(
                task.task(.direct).items[1].messages[0].content.hasSuffix(
                    "Left or right? Answer with a word or a short phrase."))
        }
    }

    /// Every image that is missing and every record that is wrong is told at once.
    @Test func everyBadRecordIsReported() throws {
        let text = """
            {"image": "gone.png", "problem": "Q? A)x, B)y", "solution": "A"}
            {"image": "a.png", "problem": "Q? A)x, B)y", "solution": "E"}
            {"image": "a.png", "problem": "secret without options", "solution": "A"}
            {"problem": "Q? A)x, B)y", "solution": "A"}
            {"image": "a.png", "problem": "Q? A)x, B)y"}
            {"image": "a.png", "problem": "Q? A)x, B)y", "solution": "A"}
            """
        try withFile(text, "q.jsonl", images: ["a.png"]) { url in
            let found = problems(.omnimedvqa, url)
            #expect(found.map(\.line) == [1, 2, 3, 4, 5])
            #expect(found[0].description.contains("gone.png"))
            #expect(!found.map(\.description).joined().contains("secret"))
            let kept = try VisionTask.load(.omnimedvqa, url, policy: .skip)
            #expect(kept.questions.count == 1 && kept.problems.count == 5)
        }
    }

    /// The forms that image questions are trained on teach the prior the same question.
    @Test func trainingFiles() throws {
        let text = """
            {"image": "no", "problem": "Q? A)x, B)y", "solution": "<answer> B </answer>"}
            {"question": "Q?", "options": ["x", "y"], "answer": "y"}
            {"images": ["no"], "messages": [{"role": "user", "content": "<image>\\nQ? A)x, B)y"}, \
            {"role": "assistant", "content": "B"}]}
            {"conversations": [{"from": "human", "value": "<image>\\nIs it?"}, \
            {"from": "gpt", "value": " Yes"}]}
            {"prompt": "Where?", "completion": "On the left."}
            {"qid": 1, "image_name": "no", "question": "How many?", "answer": 3}
            """
        try withFile(text, "train.jsonl", images: []) { url in
            let found = try TextTraining(reading: url).questions
            #expect(found.map(\.question) == ["Q?", "Q?", "Q?", "Is it?", "Where?", "How many?"])
            #expect(found.map(\.gold) == ["B", "B", "B", "yes", "On the left.", "3"])
            #expect(found.map(\.isOpen) == [false, false, false, false, true, true])
        }
    }

    @Test(.enabled(if: TestFiles.sharedData != nil, "needs ../shared/data"))
    func sharedFiles() throws {
        let data = try #require(TestFiles.sharedData)
        let paired = try VisionTask.load(
            .omnimedvqa, data.appending(path: "omnimedvqa/paired.json"))
        #expect(paired.questions.count == 704)
        let modalities = Dictionary(grouping: paired.questions) { $0.facets["modality"] ?? "" }
        #expect(modalities.mapValues(\.count) == ["Microscopy": 590, "X-ray": 114])
        let radiology = try VisionTask.load(.vqaRAD, data.appending(path: "vqa_rad/train.json"))
        // Counted with another program: 1823 closed, of which 1713 with yes or no.
        #expect(radiology.questions.count == 3064)
        #expect(radiology.questions.count { $0.facets["split"] == "closed" } == 1823)
        #expect(radiology.questions.count { !$0.asked.isOpen } == 1713)
    }
}
