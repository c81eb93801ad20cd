import HTTPTypes
import Hummingbird

/// Applies the rule about hosts to every request, and the one about origins to those that write.
package struct HostMiddleware<Context: RequestContext>: RouterMiddleware {
    private let rule: HostRule
    /// A proxy may put another name into Host than the one the browser was at.
    private let isBehindProxy: Bool

    package init(rule: HostRule, isBehindProxy: Bool) {
        self.rule = rule
        self.isBehindProxy = isBehindProxy
    }

    package func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard rule.accepts(request.head.authority) else {
            throw APIError(
                .misdirectedRequest, "wrong_host", "This server does not go by that name.")
        }
        if request.method != .get, request.method != .head, !isFromHere(request) {
            throw APIError(.forbidden, "wrong_origin", "The request comes from another site.")
        }
        return try await next(request, context)
    }

    /// Browsers send Origin with every request that writes; programs need not.
    private func isFromHere(_ request: Request) -> Bool {
        guard let origin = request.headers[.origin] else { return true }
        guard let start = origin.firstRange(of: "://") else { return false }
        let authority = origin[start.upperBound...].lowercased()
        return authority == request.head.authority?.lowercased()
            || isBehindProxy && rule.accepts(authority)
    }
}
