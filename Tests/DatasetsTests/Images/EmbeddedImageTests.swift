import Datasets
import FileFormats
import Foundation
import Records
import TestSupport
import Testing

/// Images that stand in records, in base64.
@Suite("Images written out in records")
struct EmbeddedImageTests {
    private static let pictures = [
        "images/pixel.png", "images/grey.jpg", "images/colour.webp", "dicom/eight.dcm",
    ]

    private static func data(_ name: String) throws -> Data {
        try Data(contentsOf: TestFiles.fixtures.appending(path: name))
    }

    private func images(_ columns: String) throws -> [ImageReference] {
        try PromptRecord(source("{\(columns)}")).images
    }

    /// Every form that the field writes, with the words of a question.
    private static func forms(_ letters: String) -> [(column: String, json: String)] {
        let uri = "data:image/png;base64,\(letters)"
        func turn(_ part: String) -> String {
            """
            "messages": [{"role": "user", "content": [\(part), {"type": "text", "text": "P"}]}]
            """
        }
        return [
            ("image", #""image": "\#(letters)", "prompt": "P""#),
            ("image", #""image": "\#(uri)", "prompt": "P""#),
            ("images", #""images": ["\#(letters)"], "prompt": "P""#),
            ("images", #""images": [{"bytes": "\#(letters)", "path": null}], "prompt": "P""#),
            ("image", #""image": {"base64": "\#(letters)"}, "prompt": "P""#),
            ("messages", turn(#"{"type": "image_url", "image_url": {"url": "\#(uri)"}}"#)),
            ("messages", turn(#"{"type": "image_url", "image_url": "\#(uri)"}"#)),
            ("messages", turn(#"{"type": "input_image", "image_url": "\#(uri)"}"#)),
            ("messages", turn(#"{"type": "image", "image": "\#(letters)"}"#)),
            (
                "messages",
                turn(
                    """
                    {"type": "image", "source": {"type": "base64", "media_type": "image/png", \
                    "data": "\(letters)"}}
                    """)
            ),
        ]
    }

    @Test("all forms of all formats give the file's own bytes", arguments: pictures)
    func forms(name: String) throws {
        let data = try Self.data(name)
        for (column, json) in Self.forms(data.base64EncodedString()) {
            let found = try images(json)
            #expect(
                found.count == 1 && found[0].embedded?.bytes == [UInt8](data), "\(json.prefix(40))")
            #expect(found[0].path == "in column `\(column)`")
            let digest = data.withUnsafeBytes { Checksums.sha256(of: $0) }
            #expect(found[0].embedded?.sha256 == digest)
        }
    }

    @Test("lines within base64, frames and windows")
    func lines() throws {
        let data = try Self.data("dicom/frames.dcm")
        let letters = data.base64EncodedString(options: .lineLength76Characters)
            .replacing("\r\n", with: #"\n"#)
        let found = try images(
            #""images": [{"bytes": "\#(letters)", "frame": 1}], "prompt": "P""#)
        #expect(found[0].embedded?.bytes == [UInt8](data) && found[0].frame == 1)
    }

    @Test(
        "what cannot be decoded is told by column, without its letters",
        arguments: [
            (#"{"bytes": "iVBORw0KGgo*SECRET"}"#, "is not valid base64"),
            (#"{"bytes": ""}"#, "is empty"),
            (#""data:image/png;base64,""#, "is empty"),
            (#""data:image/png;base64,SECRET SECRET!""#, "is not valid base64"),
            (#""data:image/svg+xml,%3Csvg SECRET""#, "is a data: URI without base64"),
            (#""data:SECRETSECRETSECRETSECRET""#, "is a data: URI without base64"),
        ])
    func faults(value: String, reason: String) throws {
        for column in ["image", "images"] {
            let fault = try fault(
                of: #"{"prompt": "P", "\#(column)": \#(value)}"#, as: PromptRecord.self)
            #expect(fault == .encodedImage(column: column, reason: reason))
            #expect(fault?.description.contains("SECRET") == false)
        }
        let named = try fault(
            of: #"{"prompt": "P", "image": {"bytes": [137, 80]}}"#, as: PromptRecord.self)
        #expect(
            named
                == .wrongShape(column: "image", expected: "an image whose bytes are text in base64")
        )
    }

    @Test("too large an image is not decoded")
    func bounds() throws {
        let letters = String(repeating: "iVBORw0KGgoA", count: (64 << 20) / 9 + 2)
        let fault = try fault(
            of: #"{"prompt": "P", "image": "\#(letters)"}"#, as: PromptRecord.self)
        #expect(fault == .encodedImage(column: "image", reason: "has 64 MiB; at most 64"))
    }

    @Test("paths that only look like base64 are paths")
    func paths() throws {
        for path in ["iVBORw0", "/9j/scans/1", "UklGR/a.webp", "AAAA", "database64.png"] {
            let fault = try fault(
                of: #"{"prompt": "P", "image": "\#(path)"}"#, as: PromptRecord.self)
            #expect(fault == .imagesNotFound([path]))
        }
    }

    @Test("letters of an image where words belong are refused, not taught")
    func amongWords() throws {
        let letters = try Self.data("images/pixel.png").base64EncodedString()
        func faults(_ text: String) throws -> [RecordFault?] {
            [
                try fault(of: #"{"prompt": "\#(text)"}"#, as: PromptRecord.self),
                try fault(
                    of: #"{"prompt": [{"role": "user", "content": "\#(text)"}]}"#,
                    as: PromptRecord.self),
                try fault(
                    of: #"{"prompt": "P", "completion": "\#(text)"}"#, as: SupervisedRecord.self),
            ]
        }
        let within = RecordFault.imageInText
        for text in [letters, "see data:image/png;base64,\(letters) there"] {
            #expect(
                try faults(text) == [within("prompt"), within("prompt"), within("completion")])
        }
        let plain = try PromptRecord(source(#"{"prompt": "what is data:image/png, briefly?"}"#))
        #expect(plain.images.isEmpty)
    }

    @Test("neither descriptions nor the paths of references hold bytes")
    func descriptions() throws {
        let letters = try Self.data("images/pixel.png").base64EncodedString()
        let found = try images(#""image": "\#(letters)", "prompt": "P""#)
        for text in ["\(found)", String(reflecting: found)] {
            #expect(!text.contains("137, 80") && !text.contains(letters.prefix(12)))
            #expect(text.contains("SHA-256"))
        }
    }

    /// One picture as a file, as base64 and under another name is one picture.
    @Test("splits and hashes go by content")
    func content() throws {
        try withImages([]) { folder throws in
            let data = try Self.data("images/grey.jpg")
            try data.write(to: folder.appending(path: "a.jpg"))
            let letters = data.base64EncodedString()
            let other = try Self.data("images/pixel.png").base64EncodedString()
            let rows = ["a.jpg", letters, "data:image/jpeg;base64,\(letters)", other].map {
                #"{"image": "\#($0)", "question": "Q", "answer": "A"}"#
            }
            let url = folder.appending(path: "rows.jsonl")
            try Data(rows.joined(separator: "\n").utf8).write(to: url)
            let split = try DatasetSplit(SplitFile(reading: url), fraction: 0.2, seed: 1)
            #expect(split.overlap.sharedImages == 0)
            #expect(split.overlap.trainingImages == 1 && split.overlap.testImages == 1)
            let (one, two) = (
                folder.appending(path: "sub/1.jsonl"), folder.appending(path: "2.jsonl")
            )
            try FileManager.default.createDirectory(
                at: one.deletingLastPathComponent(), withIntermediateDirectories: true)
            try split.write(training: one, test: two)
            let written =
                try RecordFile<PromptRecord>(reading: one, policy: .stop).records
                + RecordFile<PromptRecord>(reading: two, policy: .stop).records
            #expect(written.count == 4 && written.allSatisfy { $0.images.count == 1 })
            let records = try RecordFile<PromptRecord>(reading: url, policy: .stop).records
            let images = records.flatMap(\.images)
            #expect(images[1] == images[2] && images[0] != images[1])
            #expect(
                try Checksums.sha256(ofImages: images)
                    == Checksums.sha256(ofImages: images.reversed()))
            #expect(
                try Checksums.sha256(ofImages: images)
                    != Checksums.sha256(ofImages: images.prefix(3)))
        }
    }
}
