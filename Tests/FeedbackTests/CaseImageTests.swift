import Foundation
import GRDB
import TestSupport
import Testing

@testable import Feedback

struct CaseImageTests {
    /// Not decoded here: the first bytes say what it is.
    private static func png(_ number: UInt8) -> Data {
        Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, number])
    }

    private static func store() throws -> (FeedbackStore, ImageFolder) {
        let folder = ImageFolder(try TestFiles.scratchFolder().appending(path: "images"))
        return (FeedbackStore(try .inMemory(), images: folder), folder)
    }

    private static func draft(_ images: [String], _ question: String = "What is it?") -> CaseDraft {
        CaseDraft(question: question, images: images, answer: "Effusion")
    }

    @Test func theFirstBytesSayWhatItIs() {
        let dicom = Data(repeating: 0, count: 128) + Data("DICM".utf8)
        #expect(ImageKind(of: Self.png(1)) == .png)
        #expect(ImageKind(of: [0xFF, 0xD8, 0xFF, 0xE0] as [UInt8]) == .jpeg)
        #expect(ImageKind(of: Data("RIFF\u{1}\u{2}\u{3}\u{4}WEBPVP8 ".utf8)) == .webp)
        #expect(ImageKind(of: dicom) == .dicom)
        for other in ["", "GIF89a", "RIFF1234WAVE", "<svg>", "%PDF-1.7"] {
            #expect(ImageKind(of: Data(other.utf8)) == nil, "\(other)")
        }
        #expect(ImageKind(of: dicom.dropLast()) == nil)
    }

    @Test func anImageIsKeptOnceUnderItsContent() throws {
        let (_, folder) = try Self.store()
        let image = try folder.add(Self.png(1))
        #expect(try folder.add(Self.png(1)) == image)
        #expect(try folder.add(Self.png(2)) != image)
        #expect(image.kind == .png)
        // Python: hashlib.sha256(b"\x89PNG\r\n\x1a\n\x01").hexdigest()
        #expect(image.hash == "275f1bcbbb585c71e3b2184304eccfa0e37de92022ca3b6f4e9c10df32318d85")
        #expect(try Data(contentsOf: folder.file(of: image)) == Self.png(1))
        #expect(folder.find(image.hash) == image)
        #expect(throws: FeedbackError.self) { try folder.add(Data("no image".utf8)) }
        for name in ["", "../secret", String(repeating: "0", count: 64), image.hash.uppercased()] {
            #expect(folder.find(name) == nil, "\(name)")
        }
    }

    @Test func aCaseNamesImagesThatAreThere() async throws {
        let (store, folder) = try Self.store()
        let (first, second) = (try folder.add(Self.png(1)), try folder.add(Self.png(2)))
        let item = try await store.cases.add(Self.draft([first.hash, second.hash]), actor: nil)
        #expect(item.images == [first, second])
        #expect(try await store.cases.find(item.id) == item)
        await #expect(
            throws: FeedbackError.invalid(
                field: "image", reason: "number 1 is not among the images that were given")
        ) {
            try await store.cases.add(Self.draft(["photo of J. Doe.png"]), actor: nil)
        }
        // The same question of another image is another case; of the same one it is the same.
        let other = try await store.cases.add(Self.draft([second.hash]), actor: nil)
        #expect(other.id != item.id)
        await #expect(throws: FeedbackError.duplicate("case", id: other.id)) {
            try await store.cases.add(Self.draft([second.hash]), actor: nil)
        }
    }

    @Test func rowsNameImagesAsTheirFilesAreCalled() async throws {
        let (store, folder) = try Self.store()
        let (first, second) = (try folder.add(Self.png(1)), try folder.add(Self.png(2)))
        let hashes = ["1.png": first.hash, "2.png": second.hash]
        let lines = """
            {"id":"a","question":"One?","answer":"x","image":"scans/1.png"}
            {"id":"b","question":"Two?","answer":"x","images":["1.png","2.png"]}
            {"id":"c","question":"Hash?","answer":"x","image":"\(second.hash)"}
            {"id":"d","question":"None?","answer":"x","image":null}
            """
        let count = try await store.cases.importFile(
            Data(lines.utf8), format: .jsonl, hashes: hashes, actor: nil)
        #expect(count == 4)
        #expect(try await store.cases.find("a").images == [first])
        #expect(try await store.cases.find("b").images == [first, second])
        #expect(try await store.cases.find("c").images == [second])
        #expect(try await store.cases.find("d").images.isEmpty)
        let table = "id,question,answer,images\ne,Both?,x,2.png;1.png\nf,Neither?,x,\n"
        _ = try await store.cases.importFile(
            Data(table.utf8), format: .csv, hashes: hashes, actor: nil)
        #expect(try await store.cases.find("e").images == [second, first])
        #expect(try await store.cases.find("f").images.isEmpty)
        let wrong = "{\"question\":\"Three?\",\"answer\":\"x\",\"image\":\"3.png\"}\n"
        await #expect(
            throws: FeedbackError.malformed([
                RowProblem(
                    line: 1,
                    reason: "image: number 1 is not among the images that were given")
            ])
        ) {
            try await store.cases.importFile(
                Data(wrong.utf8), format: .jsonl, hashes: hashes, actor: nil)
        }
    }

    @Test func anImageGoesWithItsLastCase() async throws {
        let (store, folder) = try Self.store()
        let image = try folder.add(Self.png(1))
        let first = try await store.cases.add(Self.draft([image.hash], "One?"), actor: nil)
        let second = try await store.cases.add(Self.draft([image.hash], "Two?"), actor: nil)
        try await store.cases.delete(first.id, actor: nil)
        #expect(folder.find(image.hash) == image)
        try await store.cases.delete(second.id, actor: nil)
        #expect(folder.find(image.hash) == nil)
    }

    @Test func theStateNamesImages() async throws {
        let (store, folder) = try Self.store()
        _ = try await store.versions.ensureBase(model: "tiny")
        let image = try folder.add(Self.png(1))
        let item = try await store.cases.add(Self.draft([image.hash]), actor: nil)
        let state = try await store.state.export(actor: nil)
        let other = FeedbackStore(try .inMemory())
        _ = try await other.state.restore(state, actor: nil)
        #expect(try await other.cases.find(item.id).images == [image])
        #expect(try await other.state.export(actor: nil) == state)
        // As a version wrote it that knew no images.
        let older = String(decoding: state, as: UTF8.self).replacing(
            "\"images\":[{\"hash\":\"\(image.hash)\",\"kind\":\"png\"}],", with: "")
        #expect(!older.contains("images"))
        let third = FeedbackStore(try .inMemory())
        _ = try await third.state.restore(Data(older.utf8), actor: nil)
        #expect(try await third.cases.find(item.id).images.isEmpty)
    }

    @Test func aFileOfTheFirstSchemaIsBroughtUpToDate() async throws {
        let url = try TestFiles.scratchFolder().appending(path: "workbench.sqlite")
        let pool = try DatabasePool(path: url.path)
        try Schema.migrator.migrate(pool, upTo: "1")
        try await pool.write { db in
            try db.execute(
                sql: """
                    INSERT INTO clinicalCase VALUES ('old', 'What?', '[]', 'Gout', NULL, '[]',
                        'typed', 0, NULL, '2026-01-01T00:00:00.000Z')
                    """)
        }
        try pool.close()
        let store = FeedbackStore(try .open(url))
        #expect(try await store.cases.find("old").images.isEmpty)
    }
}
