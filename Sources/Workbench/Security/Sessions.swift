import Feedback
import Web

/// Log-ins: opened with a password, resumed with the cookie's token, ended by log-out, idleness or
/// age. The store keeps the hash of the token alone.
struct Sessions: Sendable {
    let accounts: AccountStore
    let hasher: PasswordHasher
    let throttle: LoginThrottle
    /// In seconds.
    let idleLimit: Double
    /// In seconds.
    let sessionLimit: Double
    let now: @Sendable () -> Timestamp

    /// A session that has just been opened.
    struct Opened: Sendable {
        let login: Login
        /// The cookie's value.
        let token: String
    }

    /// Opens a session for a name and a password.
    ///
    /// - Parameter address: Where the request comes from, for the throttle.
    /// - Throws: 401 for a wrong name or password or a disabled account, all in the same words and
    ///   after the same time; 429 after too many failures; `FeedbackError`.
    func logIn(name: String, password: String, address: String) async throws -> Opened {
        try await throttle.begin(name: name, address: address, at: now())
        let secret = try await accounts.secret(name: name)
        let isRight = try await hasher.matches(password, hash: secret?.passwordHash)
        guard isRight, let account = secret?.account, !account.disabled else {
            try await accounts.noteFailedLogIn(name: name)
            throw APIError(.unauthorized, "login", "The name or the password is wrong.")
        }
        await throttle.succeed(name: name, address: address)
        return try await open(account)
    }

    /// Opens a session for an account that has shown who it is.
    func open(_ account: Account) async throws(FeedbackError) -> Opened {
        let token = SecretBytes.token()
        let session = try await accounts.logIn(
            account.id, tokenHash: SecretBytes.hash(of: token), csrf: SecretBytes.token())
        return Opened(login: Login(account: account, session: session), token: token)
    }

    /// Who a token belongs to; nil when the session is over.
    func resume(_ token: String) async throws(FeedbackError) -> Login? {
        let hash = SecretBytes.hash(of: token)
        guard let found = try await accounts.session(tokenHash: hash, idleLimit: idleLimit)
        else { return nil }
        guard now().seconds(since: found.session.createdAt) < sessionLimit else {
            try await accounts.logOut(tokenHash: hash)
            return nil
        }
        return Login(account: found.account, session: found.session)
    }

    /// Whether a stream that was opened in a session may go on. Does not count as using it.
    func isStillAllowed(_ login: Login) async -> Bool {
        guard now().seconds(since: login.session.createdAt) < sessionLimit,
            let found = try? await accounts.openSession(tokenHash: login.session.tokenHash)
        else { return false }
        return found.account.role == login.account.role
    }

    /// Changes the password of who is logged in; the other sessions of the account end.
    ///
    /// - Parameter address: Where the request comes from, for the throttle.
    /// - Returns: How many sessions ended.
    /// - Throws: 403 where the present password is another one, 422 where the new one is the
    ///   same, 429 after too many failures; `FeedbackError`.
    func changePassword(
        of login: Login, from present: String, to new: String, address: String
    ) async throws -> Int {
        guard new != present else { throw APIError.invalid("The new password is the present one.") }
        let account = login.account
        try await throttle.begin(name: account.name, address: address, at: now())
        let kept = try await accounts.secret(name: account.name)?.passwordHash
        guard let kept, try await hasher.matches(present, hash: kept) else {
            try await accounts.noteRefusedPassword(of: account.id)
            throw APIError(.forbidden, "password", "The present password is another one.")
        }
        await throttle.succeed(name: account.name, address: address)
        return try await accounts.changePassword(
            of: account.id, from: kept, to: try await hasher.hash(new),
            keeping: login.session.tokenHash)
    }

    /// Ends a session.
    func logOut(_ login: Login) async throws(FeedbackError) {
        try await accounts.logOut(tokenHash: login.session.tokenHash)
    }
}
