import Datasets

/// How the next token is drawn.
public struct SamplingSettings: Sendable, Hashable {
    /// Divides the logits; 0 takes the most probable token.
    public var temperature: Double
    /// Keeps the k most probable tokens; 0 keeps all.
    public var topK: Int
    /// Keeps the smallest set of most probable tokens whose mass reaches p (arXiv:1904.09751).
    public var topP: Double
    /// Keeps tokens at least this share of the most probable one's mass (arXiv:2407.01082).
    public var minP: Double
    /// Divides positive and multiplies negative logits of tokens seen before (arXiv:1909.05858).
    public var repetitionPenalty: Double
    /// Tokens before which no end-of-turn token is drawn.
    public var minimumTokens: Int
    public var maximumTokens: Int
    /// Texts that end an answer and are left out of it.
    public var stopStrings: [String]
    public var seed: UInt64
    /// Divides the logits that the log-probabilities of drawn tokens are of, whatever they were
    /// drawn from; 1 is the model's own distribution.
    public var scoredTemperature: Double

    public init(
        temperature: Double = 1, topK: Int = 0, topP: Double = 1, minP: Double = 0,
        repetitionPenalty: Double = 1, minimumTokens: Int = 0, maximumTokens: Int = 256,
        stopStrings: [String] = [], seed: UInt64 = 0, scoredTemperature: Double = 1
    ) {
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.minP = minP
        self.repetitionPenalty = repetitionPenalty
        self.minimumTokens = minimumTokens
        self.maximumTokens = maximumTokens
        self.stopStrings = stopStrings
        self.seed = seed
        self.scoredTemperature = scoredTemperature
    }

    /// The most probable token each time.
    public static func greedy(maximumTokens: Int = 256) -> SamplingSettings {
        SamplingSettings(temperature: 0, maximumTokens: maximumTokens)
    }

    /// - Throws: ``GenerationError/setting(_:_:)`` that names the setting out of range.
    public func validated() throws(GenerationError) -> SamplingSettings {
        let checks: [(String, Bool, String)] = [
            // Logits divided by less overflow, and the draw would mean nothing.
            (
                "temperature",
                temperature == 0 || temperature >= 1e-4 && temperature <= 1e6,
                "must be 0, or from 0.0001 to 1000000"
            ),
            (
                "scored-temperature", scoredTemperature >= 1e-4 && scoredTemperature <= 1e6,
                "must be from 0.0001 to 1000000"
            ),
            ("top-k", topK >= 0, "must be 0 or more"),
            ("top-p", topP > 0 && topP <= 1, "must be above 0 and at most 1"),
            ("min-p", minP >= 0 && minP < 1, "must be at least 0 and below 1"),
            (
                "repetition-penalty", repetitionPenalty >= 1e-3 && repetitionPenalty <= 1e3,
                "must be from 0.001 to 1000"
            ),
            ("max-tokens", maximumTokens >= 1, "must be 1 or more"),
            (
                "min-tokens", minimumTokens >= 0 && minimumTokens <= maximumTokens,
                "must be at least 0 and at most max-tokens"
            ),
            // A context is added to it.
            ("max-tokens", maximumTokens <= 1_000_000_000, "must be at most 1000000000"),
            ("stop", !stopStrings.contains(""), "must not be an empty text"),
        ]
        for (name, holds, reason) in checks where !holds { throw .setting(name, reason) }
        return self
    }
}

/// Requests that cannot be served.
public enum GenerationError: Error, Sendable, Equatable, CustomStringConvertible {
    case setting(String, String)
    case emptyPrompt(index: Int)
    case promptTooLong(index: Int, tokens: Int, limit: Int)
    /// An image that could not be read when its prompt's turn came.
    case image(ImageFault)
    /// A drawn token whose log-probability is infinite or no number, of this prompt first.
    case notFinite(index: Int, id: String?)

    public var description: String {
        switch self {
        case .setting(let name, let reason): "\(name) \(reason)"
        case .emptyPrompt(let index): "prompt \(index + 1) has no tokens"
        case .promptTooLong(let index, let tokens, let limit):
            "prompt \(index + 1) has \(tokens) tokens; the model takes \(limit), answer included"
        case .image(let fault): "\(fault)"
        case .notFinite(let index, let id):
            "\(ScoringError.notFinite(record: id ?? "prompt \(index + 1)"))"
        }
    }
}
