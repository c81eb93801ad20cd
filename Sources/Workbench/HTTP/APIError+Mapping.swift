import Feedback
import Hummingbird
import NIOCore
import Records

extension APIError {
    /// The refusal that an error means; nil for one that nobody but us can be blamed for.
    init?(_ error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as FeedbackError: self.init(feedback: error)
        case let error as ServiceError: self.init(service: error)
        case is NIOTooManyBytesError: self.init(.contentTooLarge, "too_large", "Too large.")
        case let error as HTTPError: self.init(http: error)
        default: return nil
        }
    }

    private init?(feedback error: FeedbackError) {
        let message = Self.sentence(error.description)
        switch error {
        case .notFound: self.init(.notFound, "not_found", message)
        case .invalid: self.init(.unprocessableContent, "invalid", message)
        case .malformed(let problems):
            self.init(
                .unprocessableContent, "malformed",
                "\(problems.count) rows are malformed; nothing was imported.")
            self.problems = problems.map { Problem(line: $0.line, reason: $0.reason) }
        case .duplicate: self.init(.conflict, "duplicate", message)
        case .staleRevision: self.init(.conflict, "stale", message)
        case .inUse: self.init(.conflict, "in_use", message)
        case .wrongState: self.init(.conflict, "state", message)
        case .cancelled: self.init(.serviceUnavailable, "cancelled", message)
        case .database, .file: return nil
        }
    }

    private init?(service error: ServiceError) {
        let message = Self.sentence(error.description)
        switch error {
        case .notFound: self.init(.notFound, error.code, message)
        case .conflict: self.init(.conflict, error.code, message)
        case .tooFew, .invalid: self.init(.unprocessableContent, error.code, message)
        case .engine(.readsNoImages): self.init(.unprocessableContent, "no_images", message)
        case .engine: self.init(.serviceUnavailable, error.code, message)
        case .store(let error): self.init(feedback: error)
        case .file: return nil
        }
    }

    private init(http error: HTTPError) {
        let message = error.status == .notFound ? "There is nothing at this address." : error.body
        self.init(
            error.status, error.status == .notFound ? "not_found" : "bad_request",
            message ?? "\(error.status.reasonPhrase).")
    }

    private static func sentence(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst() + (text.hasSuffix(".") ? "" : ".")
    }
}
