import Generation

/// Why a model cannot be asked.
public enum EvaluationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The chat template refuses a question.
    case template(item: String, reason: String)
    /// A question and its answer do not fit the model.
    case tooLong(item: String, tokens: Int, limit: Int)
    /// A question without options, asked by likelihood.
    case open(item: String)
    /// A model of text, asked where it looked, or attacked.
    case readsNoImages
    /// A log-probability or a score that is infinite or no number, at this question first.
    case notFinite(item: String)
    case generation(GenerationError)

    /// What is wrong, in words for the user; without text of a question.
    public var description: String {
        switch self {
        case .template(let item, let reason): "item \(item): \(reason)"
        case .tooLong(let item, let tokens, let limit):
            "item \(item) has \(tokens) tokens; the model takes \(limit), answer included"
        case .open(let item): "item \(item) has no options to score: ask by generation"
        case .readsNoImages: "the model reads no images"
        case .notFinite(let item): "item \(ScoringError.notFinite(record: item))"
        case .generation(let error): error.description
        }
    }

    init(_ error: ScoringError) {
        switch error {
        case .image(let fault): self = .generation(.image(fault))
        case .notFinite(let record): self = .notFinite(item: record)
        }
    }

    init(_ error: GenerationError) {
        if case .notFinite(_, let id?) = error {
            self = .notFinite(item: id)
        } else {
            self = .generation(error)
        }
    }
}
