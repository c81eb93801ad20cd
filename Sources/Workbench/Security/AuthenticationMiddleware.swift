import Hummingbird

/// Finds out who is logged in; what they may do is the routes' affair.
struct AuthenticationMiddleware: RouterMiddleware {
    typealias Context = WorkbenchContext

    let sessions: Sessions

    func handle(
        _ request: Request, context: WorkbenchContext,
        next: (Request, WorkbenchContext) async throws -> Response
    ) async throws -> Response {
        guard let token = SessionCookie.token(request) else {
            return try await next(request, context)
        }
        var context = context
        context.login = try await sessions.resume(token)
        return try await next(request, context)
    }
}
