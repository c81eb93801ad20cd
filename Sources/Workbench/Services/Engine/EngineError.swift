/// Why the engine gave no answer. Holds no text of a prompt or completion.
package enum EngineError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The process cannot be started or ends before it is ready.
    case unavailable(reason: String)
    /// The process ended during the request.
    case ended(reason: String)
    /// The process said nothing for so long.
    case silent(seconds: Double)
    /// The process wrote something that is no event, or not what was asked for.
    case garbled(reason: String)
    /// The engine refused the request, for instance an adapter that cannot be read.
    case refused(message: String)
    /// The request has images, and the model answers from text alone.
    case readsNoImages
    /// The request was cancelled.
    case cancelled
    /// The client has been shut down.
    case stopped

    package var description: String {
        switch self {
        case .unavailable(let reason): "the engine does not start: \(reason)"
        case .ended(let reason): "the engine \(reason)"
        case .silent(let seconds): "the engine said nothing for \(Int(seconds)) s"
        case .garbled(let reason): "the engine wrote what is no answer: \(reason)"
        case .refused(let message): message
        case .readsNoImages:
            "the model reads no images; start the workbench with one that does, or use cases of text"
        case .cancelled: "the request was cancelled"
        case .stopped: "the engine has been stopped"
        }
    }

    /// A thrown error as one of these.
    init(_ error: any Error) {
        switch error {
        case let error as EngineError: self = error
        case is CancellationError: self = .cancelled
        default: self = .ended(reason: "cannot be reached: \(error)")
        }
    }
}
