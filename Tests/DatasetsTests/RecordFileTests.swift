import Datasets
import Foundation
import TestSupport
import Testing

@Suite("Files of records")
struct RecordFileTests {
    @Test("every problem is told, with its line and id")
    func problems() throws {
        let text = """
            {"id": "a", "text": "A"}
            {"id": "b", "text": ""}

            {"id": "c", "text":
            [1]
            {"id": "d", "prompt": "P", "chosen": "C", "rejected": "R"}
            {"id": "e", "text": "E"}

            """
        try withFile(text) { url in
            let file = try RecordFile<SupervisedRecord>(reading: url, policy: .skip)
            #expect(file.records.map(\.id) == ["a", "e"])
            #expect(file.records.map(\.line) == [1, 7])
            #expect(file.problems.map(\.line) == [2, 4, 5, 6])
            #expect(file.problems.map(\.id) == ["b", nil, nil, "d"])
            #expect(file.problems.allSatisfy { $0.file == url.path })
            #expect(file.problems[0].fault == .empty(column: "text"))
            #expect(file.problems[2].fault == .notAnObject)
            #expect(file.problems[3].fault == .notSupervised(.preference))
            #expect(
                file.problems[0].description == "\(url.path):2: record b column `text` is empty"
            )
            #expect(throws: DatasetError.unusable(file.problems)) {
                try RecordFile<SupervisedRecord>(reading: url, policy: .stop)
            }
        }
    }

    @Test("the error counts all problems and shows twenty")
    func errorText() {
        let problems = (1...25).map {
            RecordProblem(file: "f", line: $0, id: nil, fault: .notAnObject)
        }
        let lines = "\(DatasetError.unusable(problems))".split(separator: "\n")
        #expect(lines.count == 22)
        #expect(lines.first == "25 unusable records:")
        #expect(lines[20] == "f:20: is not a JSON object")
        #expect(lines.last == "and 5 more")
    }

    @Test("a JSON array is read like lines")
    func array() throws {
        let text = """
            [
              {"id": 1, "text": "A, [\\"B\\"]"},
              {"id": 2,
               "text": ""},
              {"id": 3, "text": "C"}
            ]
            """
        try withFile(text) { url in
            let file = try RecordFile<SupervisedRecord>(reading: url, policy: .skip)
            #expect(file.records.map(\.line) == [2, 5])
            #expect(file.problems.map(\.line) == [3])
        }
    }

    @Test("ids that stand twice are warned of")
    func duplicates() throws {
        let text = ["a", "b", "a", "c", "b"].map { #"{"id": "\#($0)", "text": "T"}"# }
        try withFile(text.joined(separator: "\n")) { url in
            let file = try RecordFile<SupervisedRecord>(reading: url, policy: .stop)
            #expect(
                file.warnings == [
                    .duplicateID("a", file: url.path, lines: [1, 3]),
                    .duplicateID("b", file: url.path, lines: [2, 5]),
                ]
            )
            #expect("\(file.warnings[0])" == "\(url.path): id a stands on lines 1, 3")
        }
    }

    @Test("the checksum is that of the bytes")
    func checksum() throws {
        // printf '{"text": "T"}\n' | sha256sum
        try withFile("{\"text\": \"T\"}\n") { url in
            let file = try RecordFile<SupervisedRecord>(reading: url, policy: .stop)
            #expect(
                file.sha256
                    == "34d7705fbb86e6300dde5e73f22d30db74eefc6bbb407368be0bb7b61be8d33d"
            )
        }
    }

    @Test("a missing file and one without records")
    func nothing() throws {
        let missing = URL(filePath: "/no/such/file.jsonl")
        #expect(throws: DatasetError.self) {
            try RecordFile<SupervisedRecord>(scanning: missing)
        }
        for text in ["", "\n\n", "[]", " [ ] \n"] {
            try withFile(text) { url in
                #expect(throws: DatasetError.self) {
                    try RecordFile<SupervisedRecord>(reading: url, policy: .skip)
                }
            }
        }
    }

    @Test("three lines cut at every byte give whole records and named problems")
    func truncated() throws {
        let lines = ["Fieber", "38,5 °C 🌡", "Ende"].map { #"{"id": "x", "text": "\#($0)"}"# + "\n" }
        let bytes = Data(lines.joined().utf8)
        // A record is whole from its closing brace on.
        let ends = [lines[0].utf8.count, lines[0].utf8.count + lines[1].utf8.count, bytes.count]
        for length in 0...bytes.count {
            try withFile(bytes.prefix(length)) { url in
                let file = try RecordFile<SupervisedRecord>(scanning: url)
                let whole = ends.count { $0 - 1 <= length }
                #expect(file.records.count == whole, "cut at \(length)")
                let isClean =
                    length > 0 && ([0] + ends).contains { $0 == length || $0 - 1 == length }
                #expect(file.problems.count == (isClean ? 0 : 1), "cut at \(length)")
                if !isClean { #expect(file.problems.first?.line == whole + 1) }
            }
        }
    }

    @Test(.enabled(if: TestFiles.sharedData != nil, "needs ../shared/data"))
    func realRecords() throws {
        let folder = try #require(TestFiles.sharedData)
        let training = try RecordFile<SupervisedRecord>(
            reading: folder.appending(path: "pubmedqa/sft_train.jsonl"),
            policy: .stop
        )
        #expect(training.records.count == 400)
        #expect(training.warnings.isEmpty)
        let validation = try RecordFile<PromptRecord>(
            reading: folder.appending(path: "pubmedqa/validation.jsonl"),
            policy: .stop
        )
        #expect(validation.records.count == 100)
        #expect(validation.records.allSatisfy { $0.columns["answer"]?.string != nil })
    }

    @Test(.enabled(if: TestFiles.sharedData != nil, "needs ../shared/data"))
    func realPreferencesAreRefused() throws {
        let url = try #require(TestFiles.sharedData).appending(path: "mirage/preferences.jsonl")
        let file = try RecordFile<SupervisedRecord>(scanning: url)
        #expect(file.records.isEmpty)
        #expect(file.problems.map(\.line) == Array(1...3000))
        #expect(file.problems.allSatisfy { $0.fault == .notSupervised(.preference) })
    }
}
