import HTTPTypes
import Hummingbird

/// Headers that tell the browser what our pages never do.
package struct SecurityHeadersMiddleware<Context: RequestContext>: RouterMiddleware {
    /// Whether the browser speaks TLS with us.
    private let isSecure: Bool

    package init(isSecure: Bool) {
        self.isSecure = isSecure
    }

    package func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        // A reply may ask for more, an image for instance.
        for (name, value) in SecurityHeaders.always where response.headers[name] == nil {
            response.headers[name] = value
        }
        if isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        // Pages and answers are about patients: only what says otherwise may be kept.
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }
}

/// What every reply carries.
package enum SecurityHeaders {
    /// Scripts, styles and data from here alone; no frames, no plug-ins, nothing inline.
    private static let contentSecurityPolicy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
        connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
        """

    static let always: [(HTTPField.Name, String)] =
        [
            (.contentSecurityPolicy, contentSecurityPolicy),
            (.xContentTypeOptions, "nosniff"),
            (.crossOriginResourcePolicy, "same-origin"),
        ]
        + [
            ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        ].compactMap { named($0.0, $0.1) }

    private static func named(_ name: String, _ value: String) -> (HTTPField.Name, String)? {
        HTTPField.Name(name).map { ($0, value) }
    }
}
