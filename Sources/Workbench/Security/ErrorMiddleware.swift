import Feedback
import Hummingbird

/// Makes a reply of every error: 4xx with its reason for what the client did, and for everything
/// else 500 with an id under which the log tells more, without any text of a case.
struct ErrorMiddleware: RouterMiddleware {
    typealias Context = WorkbenchContext

    let pages: PagesController

    func handle(
        _ request: Request, context: WorkbenchContext,
        next: (Request, WorkbenchContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as CancellationError {
            // The client or the server has gone; there is nobody to answer.
            throw error
        } catch {
            guard let refusal = APIError(error) else {
                return Self.unexpected(error, request, context)
            }
            return page(refusal, request) ?? refusal.reply()
        }
    }

    /// A page for a person who came to an address that does not exist.
    private func page(_ refusal: APIError, _ request: Request) -> Response? {
        guard refusal.status == .notFound, request.method == .get,
            !request.uri.path.hasPrefix("/api/"), !request.uri.path.hasPrefix("/static/"),
            request.headers[.accept]?.contains("text/html") == true
        else { return nil }
        return pages.html(
            "error", ["title": "Not found", "message": refusal.message], status: .notFound)
    }

    private static func unexpected(
        _ error: any Error, _ request: Request, _ context: WorkbenchContext
    ) -> Response {
        let id = context.id
        context.logger.error(
            "unexpected error",
            metadata: [
                "method": "\(request.method.rawValue)",
                "route": "\(context.endpointPath ?? "")",
                "error": "\(describe(error))",
            ])
        let message = "Something went wrong here. The server's log tells more under \(id)."
        var reply = APIError(.internalServerError, "internal", message)
        reply.details = ["id": .string(id)]
        return reply.reply()
    }

    /// Descriptions of errors that are not ours may quote what they failed on.
    private static func describe(_ error: any Error) -> String {
        switch error {
        case let error as FeedbackError: "FeedbackError: \(error)"
        case let error as ServiceError: "ServiceError: \(error)"
        case let error as PasswordFault: "PasswordFault: \(error)"
        default: String(reflecting: type(of: error))
        }
    }
}
