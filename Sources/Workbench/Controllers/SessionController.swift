import Feedback
import Hummingbird
import Web

/// Setting up, logging in and out.
struct SessionController: Sendable {
    let accounts: AccountStore
    let sessions: Sessions
    let cookie: SessionCookie
    let address: ClientAddress

    var routes: [APIRoute] { [setup, logIn, logOut, session] }

    /// The limit of a body with a password in it, in bytes.
    static let bodyLimit = 16 * 1024

    /// What a page needs to know of its user.
    struct Reply: Encodable, Sendable {
        struct User: Encodable, Sendable {
            let id: Int64
            let name: String
            let role: Account.Role
        }

        let user: User
        let csrf: String

        init(_ login: Login) {
            let account = login.account
            user = User(id: account.id, name: account.name, role: account.role)
            csrf = login.session.csrf
        }
    }

    private struct SetupBody: Decodable {
        let token: String
        let name: String
        let password: String
    }

    private struct LogInBody: Decodable {
        let name: String
        let password: String
    }

    private var setup: APIRoute {
        let shape = Schema.object([
            .required("token", .text(1...200)), .required("name", .name),
            .required("password", .newPassword),
        ])
        return opening(
            "/api/setup", "Make the first administrator with the one-time link", shape, .created
        ) { (body: SetupBody, call) in
            let place = address.text(call.request, peer: call.context.peerAddress)
            try await sessions.throttle.begin(name: "", address: place, at: sessions.now())
            let account = try await accounts.redeemSetup(
                tokenHash: SecretBytes.hash(of: body.token), name: body.name,
                passwordHash: try await sessions.hasher.hash(body.password))
            await sessions.throttle.succeed(name: "", address: place)
            return try await sessions.open(account)
        }
    }

    private var logIn: APIRoute {
        let shape = Schema.object([
            .required("name", .name), .required("password", .password),
        ])
        return opening("/api/login", "Log in", shape, .ok) { (body: LogInBody, call) in
            try await sessions.logIn(
                name: body.name, password: body.password,
                address: address.text(call.request, peer: call.context.peerAddress))
        }
    }

    private var logOut: APIRoute {
        APIRoute(
            method: .post, path: "/api/logout", access: .viewer, summary: "Log out",
            reply: .empty, status: .noContent
        ) { call in
            try await sessions.logOut(try call.login)
            var response = Response(status: .noContent)
            cookie.clear(on: &response)
            return response
        }
    }

    private var session: APIRoute {
        .get("/api/session", .viewer, "Who is logged in, and the CSRF token") { call in
            Reply(try call.login)
        }
    }

    /// A route that opens a session: its reply sets the cookie.
    private func opening<Body: Decodable & Sendable>(
        _ path: String, _ summary: String, _ shape: Schema, _ status: HTTPResponse.Status,
        open: @escaping @Sendable (Body, APICall) async throws -> Sessions.Opened
    ) -> APIRoute {
        APIRoute(
            method: .post, path: path, access: .anyone, summary: summary,
            body: .json(shape, limit: Self.bodyLimit), status: status
        ) { call in
            let (value, _) = try await RequestBodyReader.json(
                call.request, schema: shape, limit: Self.bodyLimit)
            let opened = try await open(
                try RequestBodyReader.decode(Body.self, from: value), call)
            var response = try JSONReply.make(Reply(opened.login), status: status)
            cookie.set(opened.token, on: &response)
            return response
        }
    }
}
