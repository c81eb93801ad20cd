import Hummingbird
import NIOCore

/// An error that knows what a client is told of it. Its description quotes no text of a request
/// and may be logged.
package protocol APIErrorConvertible: Error {
    /// The refusal that it means; nil for one that nobody but us can be blamed for.
    var apiError: APIError? { get }
}

extension APIError {
    /// The refusal that an error means; nil for one that nobody but us can be blamed for.
    package init?(_ error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as any APIErrorConvertible:
            guard let meant = error.apiError else { return nil }
            self = meant
        case is NIOTooManyBytesError: self.init(.contentTooLarge, "too_large", "Too large.")
        case let error as HTTPError: self.init(http: error)
        default: return nil
        }
    }

    private init(http error: HTTPError) {
        let message = error.status == .notFound ? "There is nothing at this address." : error.body
        self.init(
            error.status, error.status == .notFound ? "not_found" : "bad_request",
            message ?? "\(error.status.reasonPhrase).")
    }
}
