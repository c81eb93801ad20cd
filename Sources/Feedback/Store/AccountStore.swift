import GRDB
import Records

/// The accounts.
package struct AccountStore: Sendable {
    let database: FeedbackDatabase

    package init(_ database: FeedbackDatabase) {
        self.database = database
    }

    /// Adds an account.
    ///
    /// - Parameter passwordHash: Opaque: what the password is checked against.
    /// - Throws: `FeedbackError.duplicate` for a name that is taken, `.invalid` for one that is
    ///   empty, longer than 64 bytes or has control characters.
    package func create(
        name: String, role: Account.Role, passwordHash: String, actor: Int64?
    ) async throws(FeedbackError) -> Account {
        try await database.write(by: actor) { transaction in
            try transaction.addAccount(name: name, role: role, passwordHash: passwordHash)
        }
    }

    /// All accounts, the first one first.
    package func all() async throws(FeedbackError) -> [Account] {
        try await database.read { db in
            try Account.fetchAll(db, sql: "SELECT * FROM account ORDER BY id")
        }
    }

    /// - Throws: `FeedbackError.notFound`.
    package func find(_ id: Int64) async throws(FeedbackError) -> Account {
        try await database.read { try $0.find(Account.self, id) }
    }

    /// The account of this name, in whatever case, with its password's hash; nil where there is
    /// none.
    package func secret(name: String) async throws(FeedbackError) -> AccountSecret? {
        try await database.read { db in
            let sql = "SELECT * FROM account WHERE name = ?"
            guard let row = try Row.fetchOne(db, sql: sql, arguments: [name.trimmed]) else {
                return nil
            }
            return AccountSecret(account: try Account(row: row), passwordHash: row["passwordHash"])
        }
    }

    /// Changes what is not nil. Whom it disables, or gives a new password, is logged out.
    ///
    /// - Throws: `FeedbackError.notFound`, or `.wrongState` where no enabled administrator would
    ///   be left.
    package func change(
        _ id: Int64, role: Account.Role? = nil, disabled: Bool? = nil,
        passwordHash: String? = nil, actor: Int64?
    ) async throws(FeedbackError) -> Account {
        try await database.write(by: actor) { transaction in
            let db = transaction.db
            _ = try db.find(Account.self, id)
            try db.execute(
                sql: """
                    UPDATE account SET role = coalesce(?, role), disabled = coalesce(?, disabled),
                        passwordHash = coalesce(?, passwordHash) WHERE id = ?
                    """, arguments: [role, disabled, passwordHash, id])
            guard try db.exists(Self.administrators, []) else {
                throw FeedbackError.wrongState(
                    "account", id: "\(id)", reason: "is the last administrator")
            }
            if disabled == true || passwordHash != nil {
                try db.execute(sql: "DELETE FROM loginSession WHERE accountID = ?", arguments: [id])
            }
            var detail: [String: JSONValue] = ["password": .bool(passwordHash != nil)]
            detail["role"] = role.map { .string($0.rawValue) }
            detail["disabled"] = disabled.map { .bool($0) }
            try transaction.audit("account.change", "account/\(id)", detail)
            return try db.find(Account.self, id)
        }
    }

    /// Changes one's own password. All other sessions of the account end.
    ///
    /// - Parameters:
    ///   - old: The hash that the present password was compared with.
    ///   - session: The token's hash of the session that goes on.
    /// - Returns: How many sessions ended.
    /// - Throws: `FeedbackError.wrongState` where the password has changed since it was compared.
    package func changePassword(
        of id: Int64, from old: String, to new: String, keeping session: String
    ) async throws(FeedbackError) -> Int {
        try await database.write(by: id) { transaction in
            let db = transaction.db
            try db.execute(
                sql: "UPDATE account SET passwordHash = ? WHERE id = ? AND passwordHash = ?",
                arguments: [new, id, old])
            guard db.changesCount == 1 else {
                throw FeedbackError.wrongState(
                    "password of account", id: "\(id)", reason: "has been changed meanwhile")
            }
            try db.execute(
                sql: "DELETE FROM loginSession WHERE accountID = ? AND tokenHash <> ?",
                arguments: [id, session])
            let ended = db.changesCount
            try transaction.audit(
                "account.password", "account/\(id)", ["sessionsEnded": .integer(ended)])
            return ended
        }
    }

    /// Notes that somebody who is logged in did not know the account's password.
    package func noteRefusedPassword(of id: Int64) async throws(FeedbackError) {
        try await database.write(by: id) { transaction in
            try transaction.audit("account.refuse", "account/\(id)")
        }
    }

    /// Who can log in and do everything.
    static let administrators = """
        SELECT 1 FROM account
        WHERE role = 'administrator' AND NOT disabled AND passwordHash IS NOT NULL
        """
}

extension Transaction {
    /// Inserts an account and gives it.
    ///
    /// - Parameter passwordHash: Nil for one that cannot log in yet.
    func addAccount(
        name: String, role: Account.Role, disabled: Bool = false, passwordHash: String?
    ) throws -> Account {
        let name = try FieldCheck.text(name, "name", limit: 64)
        guard name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw FeedbackError.invalid(field: "name", reason: "has a control character")
        }
        if try db.exists("SELECT 1 FROM account WHERE name = ?", [name]) {
            throw FeedbackError.duplicate("account", id: name)
        }
        let id = try db.insert(
            into: "account",
            [
                "name": name, "role": role, "disabled": disabled, "passwordHash": passwordHash,
                "createdAt": at,
            ])
        try audit("account.create", "account/\(id)", ["role": .string(role.rawValue)])
        return try db.find(Account.self, id)
    }
}
