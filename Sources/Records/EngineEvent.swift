/// What the engine process tells: one line of JSON on its standard output.
package enum EngineEvent: Sendable, Hashable {
    /// The first line: the model is loaded and requests are read.
    case ready(model: String, readsImages: Bool)
    /// Part of the answer to the request with this id.
    case reply(id: Int, EngineReply)
    /// A line that is no request, with the reason but not its text; it belongs to no id.
    case refused(message: String)
}

/// Part of the answer to one request. The last is `done`, `cancelled` or `error`.
package enum EngineReply: Sendable, Hashable {
    /// More text of a completion that is being drawn.
    case token(index: Int, text: String)
    case completion(EngineCompletion)
    case judgement(EngineJudgement)
    case scores(EngineScores)
    case overlay(EngineOverlay)
    case done
    case cancelled
    /// Why the request failed; holds no text of prompt or completion.
    case error(message: String)

    /// Whether nothing follows it.
    package var isLast: Bool {
        switch self {
        case .done, .cancelled, .error: true
        case .token, .completion, .judgement, .scores, .overlay: false
        }
    }
}

/// A whole drawn answer.
package struct EngineCompletion: Codable, Sendable, Hashable {
    /// Which of the request's `count` answers, from 0.
    package var index: Int
    package var text: String
    package var finish: Finish
    /// Its length in tokens.
    package var tokens: Int
    /// Sum over its tokens under the model's own distribution (temperature 1), in nats.
    package var logProbability: Double

    /// Why it ended.
    package enum Finish: String, Codable, Sendable, Hashable {
        /// The model ended its turn.
        case stop
        /// It reached the longest length.
        case length
    }

    package init(
        index: Int, text: String, finish: Finish, tokens: Int, logProbability: Double
    ) {
        self.index = index
        self.text = text
        self.finish = finish
        self.tokens = tokens
        self.logProbability = logProbability
    }
}

/// The mathematics of one ranking; arrays run over the request's completions.
package struct EngineJudgement: Codable, Sendable, Hashable {
    /// Log-probability of each completion under the policy, summed over tokens, in nats.
    package var logPolicy: [Double]
    package var logReference: [Double]
    /// The length of each completion in tokens.
    package var tokens: [Int]
    /// beta (log pi_theta - log pi_ref).
    package var implicitRewards: [Double]
    package var pairs: [Pair]
    /// The mean of the pairs' losses; 0 without pairs.
    package var loss: Double
    /// 1 for the best rank to 0 for the worst, linear in rank order.
    package var groupRewards: [Double]
    /// Group rewards less their mean, over their standard deviation.
    package var advantages: [Double]
    /// Norm of the loss's gradient over the adapter's weights; nil unless asked for.
    package var gradientNorm: Double?

    /// A pair of completions of different rank.
    package struct Pair: Codable, Sendable, Hashable {
        /// Places among the completions.
        package var chosen: Int
        package var rejected: Int
        /// Difference of the implicit rewards.
        package var margin: Double
        /// -log sigmoid(margin).
        package var loss: Double

        package init(chosen: Int, rejected: Int, margin: Double, loss: Double) {
            self.chosen = chosen
            self.rejected = rejected
            self.margin = margin
            self.loss = loss
        }
    }

    package init(
        logPolicy: [Double], logReference: [Double], tokens: [Int], implicitRewards: [Double],
        pairs: [Pair], loss: Double, groupRewards: [Double], advantages: [Double],
        gradientNorm: Double?
    ) {
        self.logPolicy = logPolicy
        self.logReference = logReference
        self.tokens = tokens
        self.implicitRewards = implicitRewards
        self.pairs = pairs
        self.loss = loss
        self.groupRewards = groupRewards
        self.advantages = advantages
        self.gradientNorm = gradientNorm
    }
}

/// Log-probabilities of a `score` request: an array for each item, a number for each completion.
package struct EngineScores: Codable, Sendable, Hashable {
    /// Summed over the completion's tokens, in nats.
    package var logProbabilities: [[Double]]
    /// Lengths in tokens.
    package var tokens: [[Int]]

    package init(logProbabilities: [[Double]], tokens: [[Int]]) {
        self.logProbabilities = logProbabilities
        self.tokens = tokens
    }
}

extension EngineEvent: Codable {
    private enum Key: String, CodingKey {
        case id, event, model, message, index, text
        case readsImages = "images"
    }

    private enum Name: String, Codable {
        case ready, token, completion, judgement, scores, overlay, done, cancelled, error
    }

    /// - Throws: `DecodingError` where a member is missing, of the wrong type, or `event` unknown.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let name = try container.decode(Name.self, forKey: .event)
        if name == .ready {
            self = .ready(
                model: try container.decode(String.self, forKey: .model),
                readsImages: try container.decodeIfPresent(Bool.self, forKey: .readsImages)
                    ?? false)
            return
        }
        guard let id = try container.decodeIfPresent(Int.self, forKey: .id) else {
            guard name == .error else {
                let missing = "this event needs an id"
                throw DecodingError.dataCorruptedError(
                    forKey: .id, in: container, debugDescription: missing)
            }
            self = .refused(message: try container.decode(String.self, forKey: .message))
            return
        }
        self = .reply(id: id, try Self.reply(name, container, decoder))
    }

    private static func reply(
        _ name: Name, _ container: KeyedDecodingContainer<Key>, _ decoder: any Decoder
    ) throws -> EngineReply {
        switch name {
        case .token:
            .token(
                index: try container.decode(Int.self, forKey: .index),
                text: try container.decode(String.self, forKey: .text))
        case .completion: .completion(try EngineCompletion(from: decoder))
        case .judgement: .judgement(try EngineJudgement(from: decoder))
        case .scores: .scores(try EngineScores(from: decoder))
        case .overlay: .overlay(try EngineOverlay(from: decoder))
        case .cancelled: .cancelled
        case .error: .error(message: try container.decode(String.self, forKey: .message))
        case .done, .ready: .done
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .ready(let model, let readsImages):
            try container.encode(Name.ready, forKey: .event)
            try container.encode(model, forKey: .model)
            try container.encode(readsImages, forKey: .readsImages)
        case .refused(let message):
            try container.encode(Name.error, forKey: .event)
            try container.encode(message, forKey: .message)
        case .reply(let id, let reply):
            try container.encode(id, forKey: .id)
            try Self.encode(reply, to: &container, encoder)
        }
    }

    private static func encode(
        _ reply: EngineReply, to container: inout KeyedEncodingContainer<Key>,
        _ encoder: any Encoder
    ) throws {
        try container.encode(name(of: reply), forKey: .event)
        switch reply {
        case .token(let index, let text):
            try container.encode(index, forKey: .index)
            try container.encode(text, forKey: .text)
        case .completion(let completion): try completion.encode(to: encoder)
        case .judgement(let judgement): try judgement.encode(to: encoder)
        case .scores(let scores): try scores.encode(to: encoder)
        case .overlay(let overlay): try overlay.encode(to: encoder)
        case .error(let message): try container.encode(message, forKey: .message)
        case .done, .cancelled: break
        }
    }

    private static func name(of reply: EngineReply) -> Name {
        switch reply {
        case .token: .token
        case .completion: .completion
        case .judgement: .judgement
        case .scores: .scores
        case .overlay: .overlay
        case .done: .done
        case .cancelled: .cancelled
        case .error: .error
        }
    }
}
