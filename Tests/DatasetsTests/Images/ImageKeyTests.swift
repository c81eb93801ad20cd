import Datasets
import Foundation
import Records
import Testing

@Suite("A column of images that the caller names")
struct ImageKeyTests {
    private func read(_ rows: [String], column: String?, in folder: URL) throws -> [[String]] {
        let url = folder.appending(path: "rows.jsonl")
        try Data(rows.joined(separator: "\n").utf8).write(to: url)
        let file = try RecordFile<PromptRecord>(
            reading: url, policy: .stop, images: ImageOrigin(column: column))
        return file.records.map { $0.images.names(in: folder) }
    }

    @Test(arguments: ["image_path", "img", "image_file", "media", "img_name", "scan"])
    func named(column: String) throws {
        try withImages(["a.png", "b.png"]) { folder throws in
            let rows = [
                #"{"prompt": "P", "\#(column)": "a.png"}"#,
                #"{"prompt": "P", "\#(column)": [{"path": "b.png"}, "a.png"]}"#,
            ]
            #expect(
                try read(rows, column: column, in: folder) == [["a.png"], ["b.png", "a.png"]])
            #expect(throws: DatasetError.self) { try read(rows, column: nil, in: folder) }
        }
    }

    @Test("the named column goes before the others; where a record has none, they count")
    func precedence() throws {
        try withImages(["a.png", "b.png"]) { folder throws in
            let rows = [
                #"{"prompt": "P", "img": "a.png", "images": ["b.png"]}"#,
                #"{"prompt": "P", "img": null, "image": "b.png"}"#,
                #"{"prompt": "P"}"#,
            ]
            #expect(try read(rows, column: "img", in: folder) == [["a.png"], ["b.png"], []])
        }
    }

    @Test("another column that seems to hold images is still told")
    func others() throws {
        try withImages(["a.png"]) { folder throws in
            let rows = [
                #"{"prompt": "P", "img": "a.png"}"#, #"{"prompt": "P", "img_path": "a.png"}"#,
            ]
            let error = #expect(throws: DatasetError.self) {
                try read(rows, column: "img", in: folder)
            }
            guard case .unusable(let problems) = error else { return }
            #expect(problems.map(\.fault) == [.unreadImages(column: "img_path")])
        }
    }

    @Test("a column that no record has is told")
    func misspelt() throws {
        try withImages(["a.png"]) { folder throws in
            let error = #expect(throws: DatasetError.self) {
                try read([#"{"prompt": "P", "image": "a.png"}"#], column: "imgs", in: folder)
            }
            let file = folder.appending(path: "rows.jsonl").path
            #expect(error == .noImageColumn("imgs", file: file))
            #expect(
                error?.description.hasSuffix("`imgs` that image_key (--image-key) names") == true)
        }
    }

    @Test("splits read the named column and write its paths anew")
    func splits() throws {
        try withImages(["a.png", "b.png"]) { folder throws in
            let rows = ["a", "b"].map { #"{"img": "\#($0).png", "question": "Q", "answer": "A"}"# }
            let url = folder.appending(path: "rows.jsonl")
            try Data(rows.joined(separator: "\n").utf8).write(to: url)
            let unnamed = #expect(throws: DatasetError.self) { try SplitFile(reading: url) }
            #expect(unnamed?.description.contains("column `img` seems to hold images") == true)
            let images = ImageOrigin(column: "img")
            let split = try DatasetSplit(
                SplitFile(reading: url, images: images), fraction: 0.5, seed: 0)
            #expect(split.overlap.trainingImages == 1 && split.overlap.testImages == 1)
            let sub = folder.appending(path: "sub")
            try FileManager.default.createDirectory(at: sub, withIntermediateDirectories: true)
            let files = ["1.jsonl", "2.jsonl"].map { sub.appending(path: $0) }
            try split.write(training: files[0], test: files[1])
            let text = try files.map { try String(contentsOf: $0, encoding: .utf8) }.joined()
            #expect(text.contains("../a.png") && text.contains("../b.png"))
        }
    }

    @Test("the share of records with an image is told where some have none")
    func shares() {
        #expect(
            ImageShare([true, false, true]).note
                == "2 of 3 records hold an image; the model reads images")
        #expect(ImageShare([true, true]).note == nil && ImageShare([]).note == nil)
        let grid = ImageGrid(height: 1, width: 1)
        let examples = [(1, true), (1, false), (2, false)].map { line, seen in
            TokenizedExample(
                id: "x", line: line, identity: 0, tokenIDs: [1], labels: [true],
                images: seen ? [PlacedImage(reference: image("a"), start: 0, grid: grid)] : [])
        }
        #expect(ImageShare(examples) == ImageShare([true, false]))
    }
}
