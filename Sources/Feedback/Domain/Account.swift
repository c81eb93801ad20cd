/// Who works with the workbench.
package struct Account: Codable, Sendable, Hashable, Identifiable {
    /// What an account may do; each role may also do what the ones after it may.
    package enum Role: String, Codable, Sendable, Hashable, CaseIterable {
        case administrator, expert, viewer
    }

    package let id: Int64
    /// Unique whatever its case.
    package let name: String
    package let role: Role
    /// A disabled account cannot log in; its judgements stay.
    package let disabled: Bool
    package let createdAt: Timestamp
}

/// An account with what its password is checked against.
package struct AccountSecret: Sendable, Hashable {
    package let account: Account
    /// Nil for an account that a state file brought and that has no password yet.
    package let passwordHash: String?
}

/// A log-in that has not ended.
package struct LoginSession: Codable, Sendable, Hashable {
    /// The SHA-256 of the cookie's value.
    package let tokenHash: String
    package let accountID: Int64
    /// What the header `X-CSRF-Token` must hold.
    package let csrf: String
    package let createdAt: Timestamp
    package let lastSeenAt: Timestamp
}
