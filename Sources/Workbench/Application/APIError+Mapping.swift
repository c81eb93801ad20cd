import Feedback
import Web

extension FeedbackError: APIErrorConvertible {
    package var apiError: APIError? {
        let message = sentence(description)
        switch self {
        case .notFound: return APIError(.notFound, "not_found", message)
        case .invalid: return APIError(.unprocessableContent, "invalid", message)
        case .malformed(let problems):
            var error = APIError(
                .unprocessableContent, "malformed",
                "\(problems.count) rows are malformed; nothing was imported.")
            error.problems = problems.map { APIError.Problem(line: $0.line, reason: $0.reason) }
            return error
        case .duplicate: return APIError(.conflict, "duplicate", message)
        case .staleRevision: return APIError(.conflict, "stale", message)
        case .inUse: return APIError(.conflict, "in_use", message)
        case .wrongState: return APIError(.conflict, "state", message)
        case .cancelled: return APIError(.serviceUnavailable, "cancelled", message)
        case .database, .file: return nil
        }
    }
}

extension ServiceError: APIErrorConvertible {
    package var apiError: APIError? {
        let message = sentence(description)
        switch self {
        case .notFound: return APIError(.notFound, code, message)
        case .conflict: return APIError(.conflict, code, message)
        case .tooFew, .invalid: return APIError(.unprocessableContent, code, message)
        case .engine(.readsNoImages):
            return APIError(.unprocessableContent, "no_images", message)
        case .engine: return APIError(.serviceUnavailable, code, message)
        case .store(let error): return error.apiError
        case .file: return nil
        }
    }
}

extension PasswordFault: APIErrorConvertible {
    package var apiError: APIError? { nil }
}

private func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + (text.hasSuffix(".") ? "" : ".")
}
