import GRDB

/// Group commit: writes that wait at the same time share one transaction, and so one wait for the
/// disk.
///
/// Each stands in a savepoint of its own, so that one that fails undoes itself alone. They are done
/// in the order in which they came, and each sees what those before it wrote. Nobody is told of
/// the end of a write before the common COMMIT has reached the disk. Nobody waits for company
/// either: one that comes alone is committed alone.
actor GroupCommit {
    private let writer: any DatabaseWriter
    /// In order; those that are being written are no longer among them.
    private(set) var waiting: [PendingWrite] = []
    private var isWriting = false
    private var lastID = 0

    init(_ writer: any DatabaseWriter) {
        self.writer = writer
    }

    /// Writes in a transaction, possibly together with others.
    ///
    /// A task that is cancelled before its turn writes nothing; later it writes all the same.
    ///
    /// - Throws: What `body` throws, and then nothing of it is stored; `CancellationError`; what
    ///   SQLite says where the whole transaction comes to nothing, for instance of a full disk.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        lastID += 1
        let id = lastID
        return try await withTaskCancellationHandler {
            try Task.checkCancellation()
            return try await withCheckedThrowingContinuation { caller in
                waiting.append(PendingWrite(id: id, caller: caller, body))
                guard !isWriting else { return }
                isWriting = true
                Task { await writeAll() }
            }
        } onCancel: {
            Task { await withdraw(id) }
        }
    }

    private func writeAll() async {
        while !waiting.isEmpty {
            let group = waiting
            waiting = []
            await Self.write(group, to: writer)
        }
        isWriting = false
    }

    private static func write(_ group: [PendingWrite], to writer: any DatabaseWriter) async {
        do {
            let endings = try await writer.write { db in try group.map { try $0.run(db) } }
            for ending in endings { ending() }
        } catch {
            for one in group { one.refuse(error) }
        }
    }

    private func withdraw(_ id: Int) {
        guard let place = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: place).refuse(CancellationError())
    }
}

/// A write that waits for its turn, and who waits for it.
struct PendingWrite: Sendable {
    /// Tells the caller how the write ended; to be called after the COMMIT.
    typealias Ending = @Sendable () -> Void

    let id: Int
    /// Writes within a savepoint.
    ///
    /// - Throws: Only what has ended the whole transaction.
    let run: @Sendable (Database) throws -> Ending
    /// Tells the caller that nothing was written.
    let refuse: @Sendable (any Error) -> Void

    init<Value: Sendable>(
        id: Int, caller: CheckedContinuation<Value, any Error>,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) {
        self.id = id
        run = { db in
            let result = Result { try Self.inSavepoint(db, body) }
            // A full disk, for instance, undoes the transaction with all that is in it.
            if !db.isInsideTransaction { _ = try result.get() }
            return { caller.resume(with: result) }
        }
        refuse = { caller.resume(throwing: $0) }
    }

    private static func inSavepoint<Value>(
        _ db: Database, _ body: (Database) throws -> Value
    ) throws -> Value {
        var value: Value?
        try db.inSavepoint {
            value = try body(db)
            return .commit
        }
        // The savepoint has thrown whenever there is none.
        guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
        return value
    }
}
