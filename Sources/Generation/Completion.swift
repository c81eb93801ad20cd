import Records

/// Why an answer ended.
public enum FinishReason: String, Sendable, Codable {
    /// An end-of-turn token or a stop string.
    case stop
    /// The token limit or the model's longest sequence.
    case length
    /// The caller asked to stop.
    case cancelled
}

/// One answer.
public struct Completion: Sendable {
    /// Place of its prompt among the requests.
    public let prompt: Int
    /// Place among the samples of its prompt.
    public let sample: Int
    /// Without special tokens and without the stop string.
    public internal(set) var text = ""
    /// All tokens drawn, the end-of-turn included.
    public internal(set) var tokenIDs: [Int32] = []
    /// Log-probability of each token under the model's own distribution, its logits divided by
    /// ``SamplingSettings/scoredTemperature``.
    public internal(set) var logProbabilities: [Float] = []
    /// ``FinishReason/cancelled`` until its last token is there.
    public internal(set) var finishReason = FinishReason.cancelled

    /// An answer without tokens, to which they are appended as they are drawn.
    package init(prompt: Int, sample: Int) {
        self.prompt = prompt
        self.sample = sample
    }

    package mutating func append(_ token: DrawnToken) {
        text += token.text
        tokenIDs.append(token.token)
        logProbabilities.append(token.logProbability)
        finishReason = token.finishReason ?? .cancelled
    }
}

/// A token of an answer as it is drawn, and the text that it adds.
public struct DrawnToken: Sendable {
    public let request: RequestID
    /// Place of its prompt in the client's list; 0 where there is none.
    public let prompt: Int
    /// Place among the samples of its prompt.
    public let sample: Int
    public let token: Int32
    /// As of ``Completion/logProbabilities``.
    public let logProbability: Float
    /// Empty within a character, and while it may be the beginning of a stop string.
    public let text: String
    /// Why the answer ends with it; nil where it goes on.
    public let finishReason: FinishReason?
}

/// How long it took.
public struct GenerationTimings: Sendable {
    public internal(set) var firstTokenSeconds = 0.0
    public internal(set) var prefillTokens = 0
    public internal(set) var prefillSeconds = 0.0
    public internal(set) var decodedTokens = 0
    public internal(set) var decodeSeconds = 0.0

    public init() {}

    public var prefillTokensPerSecond: Double { Double(prefillTokens) / max(prefillSeconds, 1e-9) }
    public var decodeTokensPerSecond: Double { Double(decodedTokens) / max(decodeSeconds, 1e-9) }
}
