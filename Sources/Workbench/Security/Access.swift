import Feedback
import Hummingbird
import Records
import Web

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

extension Access: RouteAccess {
    func check(_ request: Request, _ context: WorkbenchContext) throws(APIError) {
        try check(context.login)
        try CrossSiteGuard.check(request, context.login)
    }

    func security(of method: HTTPRequest.Method) -> [String] {
        guard self != .anyone else { return [] }
        return method == .get ? ["session"] : ["session", "csrf"]
    }

    static let schemes = [
        "session": key(in: "cookie", SessionCookie.name),
        "csrf": key(in: "header", "X-CSRF-Token"),
    ]
}

typealias APIRoute = Route<Access>
typealias APICall = RouteCall<WorkbenchContext>

extension RouteCall<WorkbenchContext> {
    /// Who is logged in.
    ///
    /// - Throws: 401 when nobody is.
    var login: Login {
        get throws(APIError) {
            guard let login = context.login else { throw .signInNeeded }
            return login
        }
    }

    /// The account that is logged in.
    var account: Account {
        get throws(APIError) { try login.account }
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
