import Datasets
import FileFormats
import Foundation
import Records
import TestSupport
import Testing

@testable import Evaluation

/// Free answers as VQA's published script compares them (`Scripts/reference/vqa_normalisation.py`).
struct OpenAnswerTests {
    private struct Reference: Decodable {
        struct File: Decodable {
            let count: Int
            let sha256: String
        }

        let cases: [[String]]
        let vqa_rad: File

        static func load() throws -> Reference {
            let url = TestFiles.fixtures.appending(path: "evaluation/vqa_normalisation.json")
            return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
        }
    }

    @Test func agreesWithThePublishedScript() throws {
        let cases = try Reference.load().cases
        #expect(cases.count > 120)
        for item in cases {
            let own = Array(OpenAnswer(item[0]).text.utf8)
            #expect(own == Array(item[1].utf8), "\(item[0].debugDescription)")
        }
    }

    @Test(.enabled(if: TestFiles.sharedData != nil, "needs ../shared/data"))
    func agreesOnAllOfVQARAD() throws {
        let expected = try Reference.load().vqa_rad
        let url = try #require(TestFiles.sharedData).appending(path: "vqa_rad/train.json")
        let rows = try JSONDecoder().decode([JSONValue].self, from: Data(contentsOf: url))
        #expect(rows.count == expected.count)
        var text = rows.map { row in
            OpenAnswer(row["answer"]?.answerText ?? "").text + "\n"
        }.joined()
        #expect(
            text.withUTF8 { Checksums.sha256(of: UnsafeRawBufferPointer($0)) } == expected.sha256)
    }

    /// By hand: hyphens and strokes part words, decimals stay, thousands join.
    @Test func byHand() {
        #expect(OpenAnswer("MRI-FLAIR").text == "mri flair")
        #expect(OpenAnswer("L2-3").words == ["l2", "3"])
        #expect(OpenAnswer("3.4 cm.").text == "3.4 cm")
        #expect(OpenAnswer("1,200 mL").text == "1200 ml")
        #expect(OpenAnswer("the one; an X-ray, None").text == "1 x ray 0")
        #expect(OpenAnswer("It isnt").text == "it isn't")
        #expect(OpenAnswer(" - . ").words.isEmpty)
    }
}
