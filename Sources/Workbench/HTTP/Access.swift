import Feedback

/// Who may use a route.
enum Access: Sendable, Hashable {
    /// Everybody, also without logging in.
    case anyone
    /// An account of this role or of one that may do more.
    case atLeast(Account.Role)

    static let viewer = Access.atLeast(.viewer)
    static let expert = Access.atLeast(.expert)
    static let administrator = Access.atLeast(.administrator)

    /// - Throws: 401 when nobody is logged in, 403 when the role may not.
    func check(_ login: Login?) throws(APIError) {
        guard case .atLeast(let role) = self else { return }
        guard let login else { throw .signInNeeded }
        guard login.account.role.rank >= role.rank else {
            throw APIError(.forbidden, "role", "Only the role \(role.rawValue) may do this.")
        }
    }
}

extension Account.Role {
    /// Each role may do what the lower ones may.
    var rank: Int {
        switch self {
        case .viewer: 0
        case .expert: 1
        case .administrator: 2
        }
    }
}
