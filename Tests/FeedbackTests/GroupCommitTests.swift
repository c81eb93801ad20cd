import Dispatch
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Feedback

/// Writes that wait together: what each is told, and what is stored.
struct GroupCommitTests {
    private struct Refusal: Error, Equatable {}

    private let writer: any DatabaseWriter
    private let commits: GroupCommit

    init() throws {
        let url = try TestFiles.scratchFolder().appending(path: "group.sqlite")
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        writer = try DatabasePool(path: url.path, configuration: configuration)
        try writer.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE number (value INTEGER PRIMARY KEY);
                    CREATE TABLE child (parent INTEGER NOT NULL
                        REFERENCES number (value) DEFERRABLE INITIALLY DEFERRED);
                    """)
        }
        commits = GroupCommit(writer)
    }

    private typealias Body = @Sendable (Database) throws -> Void

    private static func add(_ value: Int, _ db: Database) throws {
        try db.execute(sql: "INSERT INTO number VALUES (?)", arguments: [value])
    }

    private static func add(_ value: Int) -> Body {
        { try add(value, $0) }
    }

    private func numbers() async throws -> [Int] {
        try await writer.read {
            try Int.fetchAll($0, sql: "SELECT value FROM number ORDER BY value")
        }
    }

    /// Holds the writer until all bodies wait in their order, so that they become one group.
    ///
    /// - Parameter meanwhile: Called with their tasks before the writer goes on.
    private func together<Value: Sendable>(
        _ bodies: [@Sendable (Database) throws -> Value],
        meanwhile: ([Task<Value, any Error>]) async throws -> Void = { _ in }
    ) async throws -> [Result<Value, any Error>] {
        let gate = DispatchSemaphore(value: 0)
        let (begun, signal) = AsyncStream.makeStream(of: Void.self)
        let holding = Task { [commits] in
            try await commits.write { _ in
                signal.finish()
                gate.wait()
            }
        }
        for await _ in begun {}
        var tasks: [Task<Value, any Error>] = []
        for body in bodies {
            tasks.append(Task { [commits] in try await commits.write(body) })
            while await commits.waiting.count < tasks.count { await Task.yield() }
        }
        try await meanwhile(tasks)
        gate.signal()
        try await holding.value
        var results: [Result<Value, any Error>] = []
        for task in tasks { results.append(await task.result) }
        return results
    }

    @Test(.timeLimit(.minutes(1))) func oneThatFailsUndoesItselfAlone() async throws {
        let failing: Body = { db in
            try Self.add(2, db)
            throw Refusal()
        }
        let results = try await together([Self.add(1), failing, Self.add(1), Self.add(4)])
        #expect(throws: Never.self) { try results[0].get() }
        #expect(throws: Refusal()) { try results[1].get() }
        // The number is there already: SQLite's own refusal undoes no more than a thrown one.
        #expect(throws: DatabaseError.self) { try results[2].get() }
        #expect(throws: Never.self) { try results[3].get() }
        #expect(try await numbers() == [1, 4])
    }

    @Test(.timeLimit(.minutes(1))) func eachSeesWhatThoseBeforeItWrote() async throws {
        let bodies = (1...20).map { value in
            { @Sendable (db: Database) throws -> [Int] in
                let before = try Int.fetchAll(db, sql: "SELECT value FROM number ORDER BY value")
                try Self.add(value, db)
                return before
            }
        }
        let results = try await together(bodies)
        for (index, result) in results.enumerated() {
            #expect(try result.get() == Array((1...20).prefix(index)))
        }
    }

    /// The third write breaks a rule that SQLite asks about at the COMMIT only.
    @Test(.timeLimit(.minutes(1))) func nobodyIsToldBeforeTheCommonCommit() async throws {
        let orphan: Body = { try $0.execute(sql: "INSERT INTO child VALUES (99)") }
        let results = try await together([Self.add(1), Self.add(2), orphan, Self.add(4)])
        for result in results {
            #expect(throws: DatabaseError.self) { try result.get() }
        }
        #expect(try await numbers().isEmpty)
        try await commits.write(Self.add(5))
        #expect(try await numbers() == [5])
    }

    @Test(.timeLimit(.minutes(1))) func whatUndoesTheTransactionRefusesAll() async throws {
        let fatal: Body = { try $0.execute(sql: "INSERT OR ROLLBACK INTO number VALUES (1)") }
        let results = try await together([Self.add(1), fatal, Self.add(3)])
        for result in results {
            #expect(throws: DatabaseError.self) { try result.get() }
        }
        #expect(try await numbers().isEmpty)
        try await commits.write(Self.add(1))
        #expect(try await numbers() == [1])
    }

    @Test(.timeLimit(.minutes(1))) func whoIsCancelledBeforeTheTurnWritesNothing() async throws {
        let results = try await together([Self.add(1), Self.add(2), Self.add(3)]) { tasks in
            tasks[1].cancel()
            // It is told at once, while the others go on waiting.
            await #expect(throws: CancellationError.self) { try await tasks[1].value }
        }
        #expect(throws: CancellationError.self) { try results[1].get() }
        #expect(try await numbers() == [1, 3])
    }

    @Test(.timeLimit(.minutes(1))) func whoIsCancelledLaterHasWritten() async throws {
        let gate = DispatchSemaphore(value: 0)
        let (begun, signal) = AsyncStream.makeStream(of: Void.self)
        let task = Task { [commits] in
            try await commits.write { db in
                signal.finish()
                gate.wait()
                try Self.add(1, db)
            }
        }
        for await _ in begun {}
        task.cancel()
        gate.signal()
        try await task.value
        #expect(try await numbers() == [1])
    }

    @Test(.timeLimit(.minutes(1))) func aClosedDatabaseRefuses() async throws {
        try writer.close()
        await #expect(throws: DatabaseError.self) { try await commits.write(Self.add(1)) }
    }
}
