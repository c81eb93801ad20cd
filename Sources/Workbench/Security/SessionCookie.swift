import Hummingbird

/// The cookie that holds the session's token. Scripts cannot read it, other sites' requests do not
/// carry it, and it goes when the browser closes.
struct SessionCookie: Sendable {
    static let name = "preceptor_session"

    /// Whether the browser speaks TLS with us.
    let isSecure: Bool

    func set(_ token: String, on response: inout Response) {
        response.setCookie(
            Cookie(
                name: Self.name, value: token, path: "/", secure: isSecure, httpOnly: true,
                sameSite: .strict))
    }

    func clear(on response: inout Response) {
        response.setCookie(
            Cookie(
                name: Self.name, value: "", maxAge: 0, path: "/", secure: isSecure,
                httpOnly: true, sameSite: .strict))
    }

    /// The token that a request carries.
    static func token(_ request: Request) -> String? {
        request.cookies[name]?.value
    }
}
