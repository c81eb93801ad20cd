import Foundation
import GRDB

/// The database of the workbench: one SQLite file, or one in memory for tests.
///
/// Writes come one after another on one connection. Each is a transaction of its own, or a savepoint
/// in one that it shares with those that waited at the same time.
package struct FeedbackDatabase: Sendable {
    let writer: any DatabaseWriter
    private let commits: GroupCommit
    /// The clock of everything that is stored.
    package let now: @Sendable () -> Timestamp

    private init(
        _ writer: any DatabaseWriter, now: @escaping @Sendable () -> Timestamp
    ) throws {
        self.writer = writer
        self.now = now
        commits = GroupCommit(writer)
        try Schema.migrator.migrate(writer)
    }

    /// Opens a file, which is made where there is none, and brings it to the present schema.
    ///
    /// A transaction that has ended is on the disk: WAL with `synchronous=FULL` synchronises the
    /// log at every commit (https://www.sqlite.org/pragma.html#pragma_synchronous).
    ///
    /// - Throws: `FeedbackError.database`, also for a file that is not a database or has the schema
    ///   of a later version of the program.
    package static func open(
        _ url: URL, now: @escaping @Sendable () -> Timestamp = { .now }
    ) throws(FeedbackError) -> FeedbackDatabase {
        do {
            let pool = try DatabasePool(path: url.path, configuration: configuration)
            // GRDB sets NORMAL, with which the last commits may be lost with the machine.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try refuseLaterSchema(pool)
            return try FeedbackDatabase(pool, now: now)
        } catch {
            throw .wrapping(error)
        }
    }

    /// A new, empty database in memory.
    package static func inMemory(
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) throws(FeedbackError) -> FeedbackDatabase {
        do {
            return try FeedbackDatabase(DatabaseQueue(configuration: configuration), now: now)
        } catch {
            throw .wrapping(error)
        }
    }

    /// Closes all connections; later calls throw.
    package func close() throws(FeedbackError) {
        do {
            try writer.close()
        } catch {
            throw .wrapping(error)
        }
    }

    /// Reads one consistent state of the database.
    func read<Value: Sendable>(
        _ body: @Sendable (Database) throws -> Value
    ) async throws(FeedbackError) -> Value {
        do {
            return try await writer.read(body)
        } catch {
            throw .wrapping(error)
        }
    }

    /// Changes the database; nothing is changed where `body` throws. Returns once the change is on
    /// the disk.
    func write<Value: Sendable>(
        by actor: Int64?, _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws(FeedbackError) -> Value {
        do {
            return try await commits.write { [now] db in
                try body(Transaction(db: db, at: now(), actor: actor))
            }
        } catch {
            throw .wrapping(error)
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(10)
        return configuration
    }

    private static func refuseLaterSchema(_ pool: DatabasePool) throws {
        guard try pool.read(Schema.migrator.hasBeenSuperseded) else { return }
        throw FeedbackError.database("the file was written by a later version of the program")
    }
}

extension FeedbackError {
    /// Any error as one of this target; texts of rows are left out.
    static func wrapping(_ error: any Error) -> FeedbackError {
        switch error {
        case let error as FeedbackError: error
        case is CancellationError: .cancelled
        case let error as DatabaseError:
            .database("SQLite error \(error.extendedResultCode.rawValue): \(error.message ?? "")")
        // Decoding errors of GRDB quote the row.
        default: .database("a row cannot be read (\(type(of: error)))")
        }
    }
}
