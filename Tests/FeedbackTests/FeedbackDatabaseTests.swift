import Foundation
import GRDB
import TestSupport
import Testing

@testable import Feedback

struct FeedbackDatabaseTests {
    @Test func aFileIsSynchronisedAtEveryCommit() async throws {
        let world = try await World(.file)
        let settings = try await world.store.database.writer.write { db in
            [
                try String.fetchOne(db, sql: "PRAGMA journal_mode"),
                try String.fetchOne(db, sql: "PRAGMA synchronous"),
                try String.fetchOne(db, sql: "PRAGMA foreign_keys"),
                try String.fetchOne(db, sql: "PRAGMA busy_timeout"),
            ]
        }
        #expect(settings == ["wal", "2", "1", "10000"])
    }

    @Test func everythingIsThereAfterReopening() async throws {
        let url = try TestFiles.scratchFolder().appending(path: "workbench.sqlite")
        let first = FeedbackStore(try .open(url))
        _ = try await first.versions.ensureBase(model: "tiny")
        _ = try await first.cases.importBank(count: 20, seed: 1, actor: nil)
        let state = try await first.state.export(actor: nil)
        try first.database.close()
        let second = FeedbackStore(try .open(url))
        #expect(try await second.state.export(actor: nil) == state)
        await #expect(throws: FeedbackError.self) {
            try await first.cases.count()
        }
    }

    /// What a machine that stops at this moment leaves: the file and its log, without the shared
    /// memory and without a check point.
    @Test func whatWasAcknowledgedIsInTheFileAndItsLog() async throws {
        let folder = try TestFiles.scratchFolder()
        let url = folder.appending(path: "workbench.sqlite")
        let store = FeedbackStore(try .open(url))
        for round in 1...10 {
            _ = try await store.cases.add(
                CaseDraft(question: "Question \(round)?", answer: "Gout"), actor: nil)
            let copy = folder.appending(path: "copy \(round).sqlite")
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(
                    atPath: url.path + suffix, toPath: copy.path + suffix)
            }
            let found = FeedbackStore(try .open(copy))
            #expect(try await found.cases.count() == round)
            #expect(try await found.audit.verify().count == round)
            let check = try await found.database.writer.read { db in
                try String.fetchAll(db, sql: "PRAGMA integrity_check")
            }
            #expect(check == ["ok"])
            try found.database.close()
        }
    }

    @Test func whatIsNoDatabaseIsRefused() throws {
        let folder = try TestFiles.scratchFolder()
        let url = folder.appending(path: "text.sqlite")
        try Data(repeating: 0x61, count: 4096).write(to: url)
        #expect(throws: FeedbackError.self) { try FeedbackDatabase.open(url) }
        #expect(throws: FeedbackError.self) {
            try FeedbackDatabase.open(folder.appending(path: "none/workbench.sqlite"))
        }
    }

    @Test func aLaterSchemaIsRefused() async throws {
        let url = try TestFiles.scratchFolder().appending(path: "workbench.sqlite")
        let database = try FeedbackDatabase.open(url)
        try await database.writer.write { db in
            try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('later')")
        }
        try database.close()
        #expect(
            throws: FeedbackError.database("the file was written by a later version of the program")
        ) {
            try FeedbackDatabase.open(url)
        }
    }

    @Test func aCancelledTaskWritesNothing() async throws {
        let store = try StoreKind.file.open()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await store.cases.add(
                CaseDraft(question: "Question?", answer: "Gout"), actor: nil)
        }
        await #expect(throws: FeedbackError.cancelled) { try await task.value }
        #expect(try await store.cases.count() == 0)
    }
}
