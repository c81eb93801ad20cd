import Foundation
import GRDB
import Records
import TestSupport
import Testing

@testable import Feedback

struct AuditLogTests {
    /// A store with five entries.
    private func log(_ kind: StoreKind) async throws -> FeedbackStore {
        let store = try kind.open()
        for number in 1...5 {
            try await store.audit.append(
                action: "test", subject: "thing/\(number)", detail: ["n": .integer(number)],
                actor: number == 3 ? nil : 7)
        }
        return store
    }

    /// What somebody can do who has the file: triggers do not stop them.
    private func tamper(_ store: FeedbackStore, _ statements: [String]) async throws {
        try await store.database.writer.write { db in
            for name in ["Order", "Fixed", "Stays", "HeadStays", "HeadGrows"] {
                try db.execute(sql: "DROP TRIGGER audit\(name)")
            }
            for sql in statements { try db.execute(sql: sql) }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func anUntouchedLogIsGood(kind: StoreKind) async throws {
        let store = try await log(kind)
        let entries = try await store.audit.page(limit: 2)
        #expect(entries.map(\.id) == [5, 4])
        #expect(entries.first?.detail == .object(["n": .integer(5)]))
        #expect(entries.first?.previousHash == entries.last?.hash)
        #expect(try await store.audit.page(before: 3).map(\.account) == [7, 7])
        let result = try await store.audit.verify()
        #expect(result.fault == nil)
        #expect(result.count == 5)
        #expect(result.head == entries.first?.hash)
        let empty = try await kind.open().audit.verify()
        #expect(empty == AuditVerification(count: 0, head: AuditChain.start, fault: nil))
    }

    @Test(arguments: StoreKind.allCases)
    func theTableRefusesChanges(kind: StoreKind) async throws {
        let store = try await log(kind)
        let row = "SELECT id, at, account, action, subject, detail, previousHash, hash"
        for sql in [
            "UPDATE auditEntry SET account = 8 WHERE id = 2", "DELETE FROM auditEntry",
            "DELETE FROM auditHead", "UPDATE auditHead SET count = 3",
            "UPDATE auditHead SET hash = 'x'",
            "INSERT OR REPLACE INTO auditEntry \(row) FROM auditEntry WHERE id = 2",
        ] {
            await #expect(throws: DatabaseError.self) {
                try await store.database.writer.write { try $0.execute(sql: sql) }
            }
        }
        #expect(try await store.audit.verify().fault == nil)
    }

    @Test(
        arguments: StoreKind.allCases,
        [
            (["UPDATE auditEntry SET account = 8 WHERE id = 2"], 2, "was altered"),
            (["UPDATE auditEntry SET account = NULL WHERE id = 2"], 2, "was altered"),
            (["UPDATE auditEntry SET account = 0 WHERE id = 3"], 3, "was altered"),
            (["UPDATE auditEntry SET detail = '{\"n\": 4}' WHERE id = 4"], 4, "was altered"),
            (
                ["UPDATE auditEntry SET at = '2026-11-22T00:00:00.000Z' WHERE id = 5"], 5,
                "was altered"
            ),
            (["DELETE FROM auditEntry WHERE id = 1"], 1, "is missing"),
            (["DELETE FROM auditEntry WHERE id = 3"], 3, "is missing"),
            (["DELETE FROM auditEntry WHERE id = 5"], 5, "is missing"),
            (["DELETE FROM auditEntry WHERE id > 2"], 3, "is missing"),
            (["DELETE FROM auditEntry"], 1, "is missing"),
            (["DELETE FROM auditHead"], 6, "the head is missing"),
            (["UPDATE auditHead SET hash = 'x'"], 5, "is not the one the head names"),
            (["UPDATE auditHead SET count = 4"], 5, "is behind the head"),
            // Two entries change places.
            (
                [
                    "UPDATE auditEntry SET id = 9 WHERE id = 2",
                    "UPDATE auditEntry SET id = 2 WHERE id = 3",
                    "UPDATE auditEntry SET id = 3 WHERE id = 9",
                ], 2, "does not follow the one before"
            ),
            // One is taken out and those behind it move up.
            (
                [
                    "DELETE FROM auditEntry WHERE id = 3",
                    "UPDATE auditEntry SET id = id - 1 WHERE id > 3",
                ], 3, "does not follow the one before"
            ),
        ] as [([String], Int64, String)])
    func findsTheFirstFault(
        kind: StoreKind, tampering: ([String], Int64, String)
    ) async throws {
        let store = try await log(kind)
        try await tamper(store, tampering.0)
        let fault = try await store.audit.verify().fault
        #expect(fault == AuditVerification.Fault(id: tampering.1, reason: tampering.2))
    }

    @Test func findsWhatAnotherProgramDidToTheFile() async throws {
        let url = try TestFiles.scratchFolder().appending(path: "workbench.sqlite")
        let store = FeedbackStore(try .open(url))
        for number in 1...3 {
            try await store.audit.append(action: "test", subject: "\(number)", actor: nil)
        }
        let connection = try DatabaseQueue(path: url.path)
        try await connection.write { db in
            try db.execute(sql: "DROP TRIGGER auditFixed")
            try db.execute(sql: "UPDATE auditEntry SET subject = 'x' WHERE id = 2")
        }
        #expect(try await store.audit.verify().fault?.id == 2)
    }

    @Test(arguments: StoreKind.allCases)
    func writesAtOnceFormOneChain(kind: StoreKind) async throws {
        let store = try kind.open()
        try await withThrowingTaskGroup { group in
            for number in 0..<50 {
                group.addTask {
                    try await store.audit.append(
                        action: "test", subject: "\(number)", actor: nil)
                }
            }
            try await group.waitForAll()
        }
        let result = try await store.audit.verify()
        #expect(result.count == 50)
        #expect(result.fault == nil)
    }
}
