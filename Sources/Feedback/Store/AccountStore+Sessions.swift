import FileFormats
import GRDB
import Records

extension AccountStore {
    /// Makes this the token of the set-up link, in place of an older one.
    ///
    /// - Parameter tokenHash: The SHA-256 of the token, which is stored nowhere.
    /// - Returns: False where there is an administrator already and so nothing to set up.
    package func issueSetup(tokenHash: String) async throws(FeedbackError) -> Bool {
        try await database.write(by: nil) { transaction in
            let db = transaction.db
            if try db.exists(Self.administrators, []) { return false }
            try db.execute(sql: "DELETE FROM setupToken")
            try db.execute(
                sql: "INSERT INTO setupToken VALUES (1, ?, ?)",
                arguments: [tokenHash, transaction.at])
            try transaction.audit("setup.issue", "setup")
            return true
        }
    }

    /// Makes the first administrator; the token is used up.
    ///
    /// - Throws: `FeedbackError.notFound` for a token that is wrong or was used, and what `create`
    ///   throws, after which the token still holds.
    package func redeemSetup(
        tokenHash: String, name: String, passwordHash: String
    ) async throws(FeedbackError) -> Account {
        try await database.write(by: nil) { transaction in
            let db = transaction.db
            try db.execute(
                sql: "DELETE FROM setupToken WHERE tokenHash = ?", arguments: [tokenHash])
            guard db.changesCount == 1 else {
                throw FeedbackError.notFound("set-up", id: "with this token")
            }
            let account = try transaction.addAccount(
                name: name, role: .administrator, passwordHash: passwordHash)
            try transaction.audit("setup.redeem", "account/\(account.id)")
            return account
        }
    }

    /// Starts a session.
    ///
    /// - Parameters:
    ///   - tokenHash: The SHA-256 of the cookie's value.
    ///   - csrf: What the session's requests must bring.
    /// - Throws: `FeedbackError.notFound`, or `.wrongState` for a disabled account.
    package func logIn(
        _ account: Int64, tokenHash: String, csrf: String
    ) async throws(FeedbackError) -> LoginSession {
        try await database.write(by: account) { transaction in
            if try transaction.db.find(Account.self, account).disabled {
                throw FeedbackError.wrongState("account", id: "\(account)", reason: "is disabled")
            }
            let session = LoginSession(
                tokenHash: tokenHash, accountID: account, csrf: csrf, createdAt: transaction.at,
                lastSeenAt: transaction.at)
            try session.insert(transaction.db)
            try transaction.audit("session.logIn", "account/\(account)")
            return session
        }
    }

    /// Notes a log-in that failed. What was typed as a name is not kept, since it may be a
    /// password; the start of its hash shows whether attempts belong together.
    package func noteFailedLogIn(name: String) async throws(FeedbackError) {
        let digest = String(Checksums.sha256(of: name.trimmed.lowercased()).prefix(16))
        try await database.write(by: nil) { transaction in
            try transaction.audit("session.refuse", "session", ["name": .string(digest)])
        }
    }

    /// The session of a cookie, and whose it is.
    ///
    /// The time at which it was last seen is written at most once a minute.
    ///
    /// - Parameter idleLimit: Seconds without a request after which a session ends.
    /// - Returns: Nil for an unknown or ended session and a disabled account.
    package func session(
        tokenHash: String, idleLimit: Double
    ) async throws(FeedbackError) -> (session: LoginSession, account: Account)? {
        guard let (found, account) = try await openSession(tokenHash: tokenHash) else { return nil }
        let idle = database.now().seconds(since: found.lastSeenAt)
        if idle > idleLimit {
            try await logOut(tokenHash: tokenHash)
            return nil
        }
        // A limit of less than some minutes is also kept.
        if idle > min(60, idleLimit / 4) { try await touch(tokenHash) }
        return (found, account)
    }

    /// The same without counting as a request, and however long the last one is ago.
    package func openSession(
        tokenHash: String
    ) async throws(FeedbackError) -> (session: LoginSession, account: Account)? {
        let (found, account) = try await database.read { db in try db.session(tokenHash) }
        guard let found, let account, !account.disabled else { return nil }
        return (found, account)
    }

    /// Ends a session; nothing happens where there is none.
    package func logOut(tokenHash: String) async throws(FeedbackError) {
        let (found, _) = try await database.read { db in try db.session(tokenHash) }
        try await database.write(by: found?.accountID) { transaction in
            try transaction.db.execute(
                sql: "DELETE FROM loginSession WHERE tokenHash = ?", arguments: [tokenHash])
            guard transaction.db.changesCount == 1, let account = found?.accountID else { return }
            try transaction.audit("session.logOut", "account/\(account)")
        }
    }

    private func touch(_ tokenHash: String) async throws(FeedbackError) {
        try await database.write(by: nil) { transaction in
            try transaction.db.execute(
                sql: "UPDATE loginSession SET lastSeenAt = ? WHERE tokenHash = ?",
                arguments: [transaction.at, tokenHash])
        }
    }
}

extension Database {
    fileprivate func session(_ tokenHash: String) throws -> (LoginSession?, Account?) {
        let session = try fetchOne(
            LoginSession.self, "SELECT * FROM loginSession WHERE tokenHash = ?", [tokenHash])
        return (session, try session.map { try find(Account.self, $0.accountID) })
    }
}
