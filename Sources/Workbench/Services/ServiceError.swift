import Feedback
import FileFormats

/// Why a service did not do what was asked; holds no text of a case or an answer.
package enum ServiceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is named does not exist.
    case notFound(what: String)
    /// It does not fit what is going on, for instance a second training beside one that runs.
    case conflict(String)
    /// There are not enough judgements.
    case tooFew(String)
    /// A value is not acceptable.
    case invalid(String)
    case engine(EngineError)
    case store(FeedbackError)
    case file(FormatError)

    package var description: String {
        switch self {
        case .notFound(let what): "there is no \(what)"
        case .conflict(let reason), .tooFew(let reason), .invalid(let reason): reason
        case .engine(let error): "\(error)"
        case .store(let error): "\(error)"
        case .file(let error): "\(error)"
        }
    }

    /// The kind of error in one word.
    package var code: String {
        switch self {
        case .notFound: "not_found"
        case .conflict: "conflict"
        case .tooFew: "too_few"
        case .invalid: "invalid"
        case .engine: "engine"
        case .store: "store"
        case .file: "file"
        }
    }

    /// An error of what the services build on.
    init(_ error: any Error) {
        self =
            switch error {
            case let error as ServiceError: error
            case let error as FeedbackError: .store(error)
            case let error as EngineError: .engine(error)
            case let error as FormatError: .file(error)
            case is CancellationError: .store(.cancelled)
            default: .store(.file("\(error)"))
            }
    }
}

/// What `body` throws, as an error of a service.
func serving<Value>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> Value
) async throws(ServiceError) -> Value {
    do {
        return try await body()
    } catch {
        throw ServiceError(error)
    }
}
