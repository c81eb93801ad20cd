import Hummingbird
import Web

/// One's own password.
struct PasswordController: Sendable {
    let sessions: Sessions
    let address: ClientAddress

    var routes: [APIRoute] { [change] }

    private struct Change: Decodable {
        let present: String
        let new: String
    }

    private struct Changed: Encodable, Sendable {
        /// Other sessions of the account, which ended.
        let sessionsEnded: Int
    }

    private var change: APIRoute {
        .json(
            .post, "/api/password", .viewer,
            "Change my password; my other sessions end",
            body: .object([.required("present", .password), .required("new", .newPassword)]),
            limit: SessionController.bodyLimit
        ) { (body: Change, call) in
            Changed(
                sessionsEnded: try await sessions.changePassword(
                    of: try call.login, from: body.present, to: body.new,
                    address: address.text(call.request, peer: call.context.peerAddress)))
        }
    }
}

extension Schema {
    /// A password as somebody types it who has one.
    static let password = Schema.text(1...PasswordRule.longest)

    /// A password that is chosen.
    static let newPassword = Schema.text(PasswordRule.shortest...PasswordRule.longest)
}

/// How long passwords are, in Unicode scalars. NIST SP 800-63B asks for at least 8 characters and
/// no rules of composition.
enum PasswordRule {
    static let shortest = 12
    static let longest = 1_024
}
