import Datasets
import Foundation
import Records
import Testing

@Suite("Files of records with images")
struct ImageFileTests {
    private func rows(_ images: [String]) -> String {
        images.map { #"{"image": "\#($0)", "question": "Q", "answer": "A"}"# }
            .joined(separator: "\n")
    }

    @Test("all bad images are told with the other problems")
    func problems() throws {
        try withImages(["a", "b", "torn"]) { folder throws in
            let url = folder.appending(path: "rows.jsonl")
            let text = rows(["a", "torn", "b", "absent", "a", "torn"]) + "\n{}\n"
            try Data(text.utf8).write(to: url)
            let measuring = FakeMeasuring([
                "a": ImageGrid(height: 1, width: 2), "b": ImageGrid(height: 9, width: 9),
            ])
            let tokenizer = ExampleTokenizer(
                encoding: ByteEncoding(measuring: measuring), maxLength: 50)
            let file = try TokenizedFile(scanning: url, tokenizer: tokenizer)
            #expect(file.examples.map(\.line) == [1, 5])
            #expect(file.problems.map(\.line) == [2, 3, 4, 6, 7])
            let torn = ImageFault(path: folder.path + "/torn", reason: "is truncated")
            #expect(file.problems[0].fault == .images([torn]))
            // 6 + 81 + 1 + 2 of the user, 11 + 1 + 2 of the assistant.
            #expect(file.problems[1].fault == .tooLong(tokens: 104, maxLength: 50))
            #expect(file.problems[2].fault == .imagesNotFound(["absent"]))
            #expect(file.problems[3].fault == .images([torn]))
            #expect(file.statistics.longest == 104)
            // Once ahead, on all cores, and once for each record.
            #expect(measuring.questions == ["a": 3, "b": 2, "torn": 3])
            #expect(throws: DatasetError.unusable(file.problems)) {
                try TokenizedFile(reading: url, tokenizer: tokenizer, policy: .stop)
            }
        }
    }

    @Test("a text model tells of every record that has images")
    func textModel() throws {
        try withImages(["a"]) { folder throws in
            let url = folder.appending(path: "rows.jsonl")
            try Data(rows(["a", "a"]).utf8).write(to: url)
            let tokenizer = PromptTokenizer(encoding: ByteEncoding(), maxLength: 99)
            let file = try TokenizedFile(scanning: url, tokenizer: tokenizer)
            #expect(file.problems.map(\.fault) == [.hasImages, .hasImages])
        }
    }

    @Test("paths count from the file, or from the root that is given")
    func roots() throws {
        try withImages(["data/a", "pictures/a", "pictures/b"]) { folder throws in
            let url = folder.appending(path: "data/rows.jsonl")
            try Data(rows(["a"]).utf8).write(to: url)
            let own = try RecordFile<PromptRecord>(reading: url, policy: .stop)
            #expect(own.records[0].images.names(in: folder) == ["data/a"])
            let root = ImageOrigin(root: folder.appending(path: "pictures").path)
            let other = try RecordFile<PromptRecord>(
                reading: url, policy: .stop, images: root)
            #expect(other.records[0].images.names(in: folder) == ["pictures/a"])
            let up = folder.appending(path: "data/up.jsonl")
            try Data(rows(["../pictures/b"]).utf8).write(to: up)
            #expect(try RecordFile<PromptRecord>(reading: up, policy: .stop).records.count == 1)
        }
    }

    /// 12 images of five records each, and two names of one picture.
    @Test("records that share an image stay on one side of a validation split")
    func validation() throws {
        let names = (0..<12).map { "i\($0)" }
        try withImages(names) { folder throws in
            let copy = folder.appending(path: "copy")
            try FileManager.default.copyItem(at: folder.appending(path: "i3"), to: copy)
            let examples = (0..<60).map { number -> TokenizedExample in
                let name = number == 3 ? "copy" : names[number % 12]
                let reference = image(folder.appending(path: name).path)
                let grid = ImageGrid(height: 1, width: 1)
                return TokenizedExample(
                    id: "\(number)", line: number, identity: UInt64(number), tokenIDs: [1, 2],
                    labels: [false, true],
                    images: [PlacedImage(reference: reference, start: 0, grid: grid)])
            }
            for seed in 0..<8 {
                let split = try ValidationSplit(examples, size: .count(15), seed: UInt64(seed))
                #expect(split.validation.count == 15)
                let sides = [split.training, split.validation].map { part in
                    Set(
                        part.flatMap(\.images).map {
                            $0.reference.path.hasSuffix("copy")
                                ? folder.path + "/i3" : $0.reference.path
                        })
                }
                #expect(sides[0].isDisjoint(with: sides[1]))
                #expect(sides[1].count == 3)
            }
        }
    }

    @Test("records of several images stay together through what they share")
    func chains() throws {
        let examples = [["a", "b"], ["c"], ["b", "d"], ["e"], ["d"], ["f"]].enumerated()
            .map { number, names in
                TokenizedExample(
                    id: "\(number)", line: number, identity: 0, tokenIDs: [1, 2],
                    labels: [false, true],
                    images: names.map {
                        PlacedImage(
                            reference: image("/none/" + $0), start: 0,
                            grid: ImageGrid(height: 1, width: 1))
                    })
            }
        for seed in 0..<8 {
            let split = try ValidationSplit(examples, size: .count(1), seed: UInt64(seed))
            let held = split.validation.map(\.id)
            #expect(held.count == 1 || held == ["0", "2", "4"])
        }
    }
}
