import Hummingbird

/// Makes a reply of every error: 4xx with its reason for what the client did, and for everything
/// else 500 with an id under which the log tells more, without any text of a case.
package struct ErrorMiddleware<Context: RequestContext>: RouterMiddleware {
    /// A page for a person whose request is refused; nil where the reply for programs is right.
    package typealias Page = @Sendable (APIError, Request) -> Response?

    private let page: Page

    package init(page: @escaping Page = { _, _ in nil }) {
        self.page = page
    }

    package func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
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

    private static func unexpected(
        _ error: any Error, _ request: Request, _ context: Context
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
        let type = type(of: error as Any)
        return error is any APIErrorConvertible ? "\(type): \(error)" : String(reflecting: type)
    }
}
