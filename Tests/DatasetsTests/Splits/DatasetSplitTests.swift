import Datasets
import Foundation
import Records
import Testing

@Suite("Files in two")
struct DatasetSplitTests {
    /// 40 rows: 10 images of four questions each, of which the last two repeat.
    private static let rows = (0..<40).map { number in
        #"{"id": \#(number), "image": "pictures/i\#(number % 10).png", "#
            + #""question": "Q\#(number / 10 % 3) ",  "answer":  "A"}"#
    }

    private static let names = (0..<10).map { "data/pictures/i\($0).png" }

    private func split<Result>(
        _ text: String, images: [String] = names,
        _ body: (URL, URL) throws -> Result
    ) throws -> Result {
        try withImages(images) { folder throws in
            let url = folder.appending(path: "data/all.jsonl")
            try Data(text.utf8).write(to: url)
            return try body(url, folder)
        }
    }

    private func lines(_ url: URL) throws -> [String] {
        try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test("no image on both sides, no row lost, rows as they were")
    func images() throws {
        try split(Self.rows.joined(separator: "\n")) { url, folder throws in
            let split = try DatasetSplit(SplitFile(reading: url), fraction: 0.25, seed: 1)
            #expect(split.grouping == .image)
            // Four rows an image: 10 rows are reached with three images.
            #expect(split.overlap.testRecords == 12 && split.overlap.testImages == 3)
            #expect(split.overlap.trainingRecords == 28 && split.overlap.trainingImages == 7)
            #expect(split.overlap.sharedImages == 0 && split.overlap.recordsWithSharedImages == 0)
            #expect(split.overlap.sharedPrompts == 3 && split.overlap.testPrompts == 3)
            let (train, test) = (
                folder.appending(path: "data/train.jsonl"),
                folder.appending(path: "data/test.jsonl")
            )
            try split.write(training: train, test: test)
            let written = try lines(train) + lines(test)
            #expect(try lines(test).count == 12)
            #expect(written.sorted() == Self.rows.sorted())
            #expect(try lines(test) == Self.rows.filter(Set(try lines(test)).contains))
        }
    }

    @Test("the seed decides, not the order of the file")
    func seeds() throws {
        func held(_ rows: [String], seed: UInt64) throws -> Set<String> {
            try split(rows.joined(separator: "\n")) { url, folder throws in
                let split = try DatasetSplit(SplitFile(reading: url), fraction: 0.3, seed: seed)
                let test = folder.appending(path: "data/test.jsonl")
                try split.write(training: folder.appending(path: "data/x"), test: test)
                return Set(try lines(test))
            }
        }
        let first = try held(Self.rows, seed: 0)
        #expect(try held(Self.rows.reversed(), seed: 0) == first)
        #expect(try (1..<4).contains { try held(Self.rows, seed: $0) != first })
    }

    @Test("by the words of the question, and by id")
    func otherGroups() throws {
        try split(Self.rows.joined(separator: "\n")) { url, _ throws in
            let file = try SplitFile(reading: url)
            let prompts = try DatasetSplit(file, by: .prompt, fraction: 0.2, seed: 1)
            #expect(prompts.overlap.sharedPrompts == 0 && prompts.overlap.testPrompts == 1)
            #expect(prompts.overlap.sharedImages == prompts.overlap.testImages)
            let ids = try DatasetSplit(file, by: .id, fraction: 0.2, seed: 1)
            #expect(ids.overlap.testRecords == 8)
            #expect(throws: SplitError.noColumn("patient", file: file.file, line: 1)) {
                try DatasetSplit(file, by: .column("patient"), fraction: 0.2, seed: 1)
            }
        }
    }

    @Test("paths count from the folder of the new file")
    func rebasing() throws {
        let rows = [
            #"{"id": 0, "image": "i0.png", "question": "Q", "answer": "A"}"#,
            #"{"images": ["Images/i1.png", "I2.PNG"], "messages": [], "n": 1.50}"#,
            #"{"messages": [{"role": "user", "content": [{"type": "image", "image": "i3.png"}]}]}"#,
            #"{"text": "no image i0.png"}"#,
        ]
        let names = ["data/i0.png", "data/images/i1.png", "data/images/i2.png", "data/i3.png"]
        try split(rows.joined(separator: "\n"), images: names) { url, folder throws in
            let out = folder.appending(path: "out")
            try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
            let split = try DatasetSplit(SplitFile(reading: url), fraction: 0.25, seed: 1)
            let (train, test) = (
                out.appending(path: "train.jsonl"), out.appending(path: "test.jsonl")
            )
            try split.write(training: train, test: test)
            let expected = [
                #"{"id": 0, "image": "../data/i0.png", "question": "Q", "answer": "A"}"#,
                #"{"images": ["../data/images/i1.png","../data/images/i2.png"], "messages": [], "n": 1.50}"#,
                #"{"messages": [{"content":[{"image":"../data/i3.png","type":"image"}],"role":"user"}]}"#,
                #"{"text": "no image i0.png"}"#,
            ]
            let written = Set(try lines(train) + lines(test))
            #expect(written == Set(expected))
            // What was written finds the same files.
            for file in [train, test] { #expect(try SplitFile(reading: file).problems.isEmpty) }
            try split.write(training: train, test: test, rebasing: false)
            #expect(Set(try lines(train) + lines(test)) == Set(rows))
        }
    }

    @Test("a list is read and written as one")
    func lists() throws {
        let list = "[\n  " + Self.rows.joined(separator: ",\n  ") + "\n]"
        try split(list) { url, folder throws in
            let split = try DatasetSplit(SplitFile(reading: url), fraction: 0.2, seed: 1)
            let (train, test) = (
                folder.appending(path: "data/train.json"), folder.appending(path: "data/test.jsonl")
            )
            try split.write(training: train, test: test)
            let text = try String(contentsOf: train, encoding: .utf8)
            let rows = try JSONDecoder().decode([JSONValue].self, from: Data(text.utf8))
            #expect(rows.count == 32)
            #expect(try lines(test).count == 8)
            #expect(try lines(test).allSatisfy(Self.rows.contains))
        }
    }

    @Test("a picture under two names is one picture")
    func copies() throws {
        let rows = (0..<8).map { #"{"prompt": "P\#($0)", "image": "i\#($0).png"}"# }
        let names = (0..<8).map { "data/i\($0).png" }
        try split(rows.joined(separator: "\n"), images: names) { url, folder throws in
            let data = folder.appending(path: "data")
            let same = try Data(contentsOf: data.appending(path: "i0.png"))
            try same.write(to: data.appending(path: "i7.png"))
            for seed in 0..<6 {
                let split = try DatasetSplit(
                    SplitFile(reading: url), fraction: 0.3, seed: UInt64(seed))
                #expect(split.overlap.sharedImages == 0)
                #expect(split.overlap.trainingImages + split.overlap.testImages == 7)
            }
            let half = [data.appending(path: "one.jsonl"), data.appending(path: "two.jsonl")]
            try Data(rows[..<5].joined(separator: "\n").utf8).write(to: half[0])
            try Data(rows[4...].joined(separator: "\n").utf8).write(to: half[1])
            let overlap = try SplitOverlap(
                training: SplitFile(scanning: half[0]), test: SplitFile(scanning: half[1]))
            // i4 stands in both, and i7 is i0.
            #expect(overlap.sharedImages == 2 && overlap.renamedImages == 1)
            #expect(overlap.testImages == 4 && overlap.recordsWithSharedImages == 2)
            #expect(overlap.repeatedRecords == 1 && overlap.sharedPrompts == 1)
            #expect(
                "\(overlap)" == """
                    training: 5 records, 5 images
                    test: 4 records, 4 images
                    test images that also stand in training: 2 of 4, 1 under other names \
                    (2 of 4 test records)
                    test questions that are also asked in training, by their words alone: 1 of 4
                    test records that repeat a training record's question and images: 1 of 4
                    """)
        }
    }

    @Test("what cannot be split is told whole; a comparison goes by paths then")
    func problems() throws {
        let rows = [
            #"{"prompt": "P", "image": "pictures/i0.png"}"#,
            #"{"prompt": "Q", "image": "none.png"}"#,
            "[1]", #"{"prompt": "R", "image": {"bytes": "AA"}}"#,
        ]
        try split(rows.joined(separator: "\n")) { url, _ throws in
            let error = #expect(throws: DatasetError.self) { try SplitFile(reading: url) }
            guard case .unusable(let problems) = error else {
                Issue.record("another error")
                return
            }
            #expect(problems.map(\.line) == [2, 3, 4])
            #expect(problems[0].fault == .imagesNotFound(["none.png"]))
            let file = try SplitFile(scanning: url)
            #expect(file.problems.map(\.line) == [3, 4])
            let overlap = SplitOverlap(training: file, test: file)
            #expect(overlap.sharedImages == 2 && overlap.missingFiles == 1)
            #expect(overlap.repeatedRecords == 2)
            #expect(throws: SplitError.notAFraction) {
                try DatasetSplit(file, fraction: 1, seed: 0)
            }
            #expect(throws: SplitError.nothingLeft(records: 2)) {
                try DatasetSplit(file, fraction: 0.9, seed: 0)
            }
        }
    }
}
