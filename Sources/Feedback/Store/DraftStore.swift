import GRDB

/// What raters have typed and not submitted. Drafts are no judgements: they are not audited.
package struct DraftStore: Sendable {
    /// The most UTF-8 bytes of a draft.
    package static let limit = 65_536

    private let database: FeedbackDatabase

    package init(_ database: FeedbackDatabase) {
        self.database = database
    }

    /// Replaces the draft of this key.
    ///
    /// - Throws: `FeedbackError.invalid` for a text that is too long or not JSON, or a key that is
    ///   empty or longer than 200 bytes.
    package func put(
        _ body: String, key: String, account: Int64
    ) async throws(FeedbackError) -> Draft {
        let key = try FieldCheck.text(key, "key", limit: 200)
        _ = try FieldCheck.text(body, "body", limit: Self.limit)
        guard (try? CanonicalJSON.value(body)) != nil else {
            throw .invalid(field: "body", reason: "is not JSON")
        }
        return try await database.write(by: account) { transaction in
            let draft = Draft(
                accountID: account, key: key, body: body, updatedAt: transaction.at)
            try draft.upsert(transaction.db)
            return draft
        }
    }

    /// Nil where there is none.
    package func find(_ key: String, account: Int64) async throws(FeedbackError) -> Draft? {
        try await database.read { db in
            try Draft.fetchOne(
                db, sql: "SELECT * FROM draft WHERE accountID = ? AND key = ?",
                arguments: [account, key])
        }
    }

    /// Removes the draft of this key, if there is one.
    package func delete(_ key: String, account: Int64) async throws(FeedbackError) {
        try await database.write(by: account) { transaction in
            try transaction.deleteDraft(key, account: account)
        }
    }
}

extension Transaction {
    /// Removes the draft of this key, if there is one.
    func deleteDraft(_ key: String, account: Int64) throws {
        try db.cachedStatement(sql: "DELETE FROM draft WHERE accountID = ? AND key = ?")
            .execute(arguments: [account, key])
    }
}
