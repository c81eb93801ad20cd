import Foundation
import GRDB
import Records
import TestSupport
import Testing

@testable import Feedback

/// What the model saw with a prompt is kept with its answers.
struct SeenImageTests {
    private static func png(_ number: UInt8) -> Data {
        Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, number])
    }

    private static func lines(_ data: Data) throws -> [JSONValue] {
        try data.split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(JSONValue.self, from: Data($0))
        }
    }

    /// A world whose first sampling has an image and whose second has none, each ranked, and the
    /// first answer of each corrected.
    private static func world() async throws -> (World, ImageFolder, CaseImage) {
        let folder = ImageFolder(try TestFiles.scratchFolder().appending(path: "images"))
        let image = try folder.add(png(1))
        let world = try await World(.memory, images: folder)
        for images in [[image], []] {
            let (sampling, traces) = try await world.sample(
                ["one", "two"], of: nil, images: images)
            try await world.rank(sampling.id, by: world.ann, [1, 2])
            _ = try await world.store.records.record(
                traceID: traces[0].id, preferredResponse: "three", kind: .edit, by: world.ann)
        }
        return (world, folder, image)
    }

    @Test func exportsNameTheImages() async throws {
        let (world, _, image) = try await Self.world()
        let path = JSONValue.array([.string("images/\(image.hash).png")])
        let exports = world.store.exports
        let pairs = try Self.lines(await exports.preferencesJSONL(actor: nil))
        #expect(pairs.map { $0["images"] } == [path, nil])
        let answers = try Self.lines(await exports.feedbackJSONL(actor: nil))
        #expect(answers.map { $0["images"] } == [path, nil])
        let table = String(decoding: try await exports.feedbackCSV(actor: nil), as: UTF8.self)
        let rows = table.split(separator: "\r\n")
        #expect(rows[0].hasSuffix(",\"feedback_type\",\"images\""))
        #expect(rows[1].hasSuffix(",\"edit\",\"images/\(image.hash).png\""))
        #expect(rows[2].hasSuffix(",\"edit\",\"\""))
    }

    @Test(arguments: JudgementDataset.Kind.allCases)
    func trainingLinesNameThem(kind: JudgementDataset.Kind) async throws {
        let (world, _, image) = try await Self.world()
        let built = try await world.store.datasets.build(kind)
        let rows = try Self.lines(Data(built.lines.joined(separator: "\n").utf8))
        let named = rows.filter { $0["images"]?.array?.first?.string == image.path }
        // Half of all records are of the first sampling; the others have no such column.
        #expect(named.count * 2 == rows.count && !named.isEmpty)
        #expect(rows.count { $0["images"] == nil } == named.count)
        #expect(built.images == [image])
    }

    /// Without a case, the image of a question stays as long as the question.
    @Test func anImageOfAQuestionIsNotLost() async throws {
        let (world, folder, image) = try await Self.world()
        let item = try await world.store.cases.add(
            CaseDraft(question: "Which?", images: [image.hash], answer: "x"), actor: nil)
        try await world.store.cases.delete(item.id, actor: nil)
        #expect(folder.find(image.hash) == image)
    }

    @Test func referencesAreFilesThatAreThere() async throws {
        let (world, folder, image) = try await Self.world()
        #expect(
            try world.store.references([image])
                == [ImageReference(path: folder.file(of: image).path)])
        folder.remove(image)
        let error = #expect(throws: FeedbackError.self) { try world.store.references([image]) }
        #expect(error?.description.contains("/") == false)
        #expect(throws: FeedbackError.self) {
            try FeedbackStore(world.store.database).references([image])
        }
        #expect(try FeedbackStore(world.store.database).references([]).isEmpty)
    }

    @Test func theStateKeepsThemAndAnEarlierOneHasNone() async throws {
        let (world, _, image) = try await Self.world()
        let state = try await world.store.state.export(actor: nil)
        let other = FeedbackStore(try .inMemory())
        _ = try await other.state.restore(state, actor: nil)
        #expect(try await other.samplings.find(1).images == [image])
        #expect(try await other.samplings.find(2).images.isEmpty)
        let older = String(decoding: state, as: UTF8.self)
            .replacing("\"images\":[{\"hash\":\"\(image.hash)\",\"kind\":\"png\"}],", with: "")
            .replacing("\"images\":[],", with: "")
        #expect(!older.contains("images"))
        let third = FeedbackStore(try .inMemory())
        _ = try await third.state.restore(Data(older.utf8), actor: nil)
        #expect(try await third.samplings.find(1).images.isEmpty)
    }

    /// Answers that were given before models saw images were given to the text.
    @Test func answersOfTheSecondSchemaSawNothing() async throws {
        let url = try TestFiles.scratchFolder().appending(path: "workbench.sqlite")
        let pool = try DatabasePool(path: url.path)
        try Schema.migrator.migrate(pool, upTo: "2")
        try await pool.write { db in
            try db.execute(
                sql: """
                    INSERT INTO modelVersion VALUES (1, 'base', NULL, 'm', NULL, 'base', '', NULL,
                        '{}', 'current', '2026-01-01T00:00:00.000Z');
                    INSERT INTO sampling VALUES (1, NULL, '[{"role":"user","content":"What?"}]', 1,
                        1, '\(try CanonicalJSON.text(SamplingSchedule()))', 0, 'verified', 0, 0,
                        NULL, NULL, '2026-01-01T00:00:00.000Z');
                    """)
        }
        try pool.close()
        let store = FeedbackStore(try .open(url))
        #expect(try await store.samplings.find(1).images.isEmpty)
    }
}
