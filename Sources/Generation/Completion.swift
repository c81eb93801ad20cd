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
    public internal(set) var text: String
    /// All tokens drawn, the end-of-turn included.
    public internal(set) var tokenIDs: [Int32]
    /// Log-probability of each token under the model's own distribution, its logits divided by
    /// ``SamplingSettings/scoredTemperature``.
    public internal(set) var logProbabilities: [Float]
    public internal(set) var finishReason: FinishReason
}

/// Text as it appears.
public struct GenerationEvent: Sendable {
    public let prompt: Int
    public let sample: Int
    /// What the last token added; empty within a character.
    public let text: String
}

/// A prompt and how many answers it is to have.
public struct GenerationRequest: Sendable {
    public let tokens: [Int32]
    /// The images among the tokens, in their order.
    public let images: [PlacedImage]
    public let samples: Int

    public init(tokens: [Int32], images: [PlacedImage] = [], samples: Int = 1) {
        self.tokens = tokens
        self.images = images
        self.samples = samples
    }
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
