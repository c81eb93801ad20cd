import Foundation
import GRDB
import Records

/// The whole state as JSON Lines: cases, versions, samplings, judgements, datasets, drafts. Into a
/// store that is still empty it can be read back, and the export of that is the same file.
///
/// Passwords, sessions and the audit log are no part of it. Files of adapters and datasets are
/// named, not held.
package struct StateFile: Sendable {
    private let database: FeedbackDatabase

    package init(_ database: FeedbackDatabase) {
        self.database = database
    }

    static let header: JSONValue = .object([
        "table": .string("state"), "format": .integer(1),
    ])

    /// The state at one moment.
    package func export(actor: Int64?) async throws(FeedbackError) -> Data {
        try await database.write(by: actor) { transaction in
            let names = try transaction.db.accountNames()
            var lines = [try CanonicalJSON.text(Self.header)]
            for (name, table) in StateTable.all {
                for row in try table.rows(transaction.db) {
                    var row = row.object ?? [:]
                    row["table"] = .string(name)
                    for key in table.accounts { row[key] = row[key].map { names.name(of: $0) } }
                    lines.append(try CanonicalJSON.text(row))
                }
            }
            try transaction.audit("export", "state.jsonl", ["rows": .integer(lines.count - 1)])
            return Data(lines.map { $0 + "\n" }.joined().utf8)
        }
    }

    /// Reads an exported state into a store without cases, samplings, judgements and updates.
    ///
    /// Accounts that are missing are made as disabled viewers without a password. What was under
    /// way in the exported store has stopped.
    ///
    /// - Returns: The number of rows.
    /// - Throws: `FeedbackError.wrongState` where the store is not empty, `.malformed` with the
    ///   lines that are wrong. Nothing is kept then.
    package func restore(_ data: Data, actor: Int64?) async throws(FeedbackError) -> Int {
        try await database.write(by: actor) { transaction in
            var restoration = Restoration(transaction: transaction)
            return try restoration.run(data)
        }
    }
}

/// Names of accounts by id.
struct AccountNames {
    let names: [Int64: String]

    /// The name for the id that a row has.
    func name(of id: JSONValue) -> JSONValue {
        id.integer.flatMap { names[Int64($0)] }.map { .string($0) } ?? .null
    }
}

extension Database {
    func accountNames() throws -> AccountNames {
        let rows = try Row.fetchAll(self, sql: "SELECT id, name FROM account")
        return AccountNames(
            names: Dictionary(uniqueKeysWithValues: rows.map { ($0["id"], $0["name"]) }))
    }
}
