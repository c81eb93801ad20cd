/// What a client asks of the engine process: one line of JSON on its standard input.
///
/// The members of the operation stand beside `id` and `op` in one flat object:
/// `{"id":1,"op":"score","adapter":null,"items":[...]}`.
package struct EngineRequest: Sendable, Hashable {
    /// Chosen by the client, new for every request; of `cancel`, the request to end.
    package var id: Int
    package var operation: Operation

    /// What is to be done.
    package enum Operation: Sendable, Hashable {
        case sample(EngineSample)
        case judge(EngineJudge)
        case score(EngineScore)
        case explain(EngineExplain)
        /// Ends the request of the same id; it answers `cancelled`.
        case cancel
    }

    package init(id: Int, operation: Operation) {
        self.id = id
        self.operation = operation
    }
}

extension EngineRequest.Operation {
    /// All images that are to be looked at.
    package var images: [ImageReference] {
        switch self {
        case .sample(let sample): sample.images
        case .judge(let judge): judge.images
        case .score(let score): score.items.flatMap(\.images)
        case .explain(let explain): explain.images
        case .cancel: []
        }
    }
}

/// Answers to be drawn for one prompt.
package struct EngineSample: Codable, Sendable, Hashable {
    /// The folder of a PEFT adapter; nil for the base model.
    package var adapter: String?
    package var prompt: [Message]
    /// In the order of their places in the prompt; before the user's first words where it has none.
    package var images: [ImageReference]
    package var seed: UInt64
    /// 0 takes the most probable token.
    package var temperature: Double
    package var topP: Double
    /// 0 keeps all tokens.
    package var topK: Int
    package var repetitionPenalty: Double
    /// The longest answer, in tokens.
    package var maxTokens: Int
    /// How many answers.
    package var count: Int

    package init(
        adapter: String?, prompt: [Message], images: [ImageReference] = [], seed: UInt64 = 0,
        temperature: Double = 0.6, topP: Double = 0.9, topK: Int = 0,
        repetitionPenalty: Double = 1.1, maxTokens: Int = 300, count: Int = 1
    ) {
        self.adapter = adapter
        self.prompt = prompt
        self.images = images
        self.seed = seed
        self.temperature = temperature
        self.topP = topP
        self.topK = topK
        self.repetitionPenalty = repetitionPenalty
        self.maxTokens = maxTokens
        self.count = count
    }
}

/// A ranking whose mathematics is asked for.
package struct EngineJudge: Codable, Sendable, Hashable {
    /// The policy's adapter; nil for the base model.
    package var adapter: String?
    /// The reference's adapter; nil for the base model with adapters off.
    package var reference: String?
    package var prompt: [Message]
    /// As of ``EngineSample``.
    package var images: [ImageReference]
    package var completions: [String]
    /// The rank of each completion, 1 for the best; ties share a number.
    package var ranks: [Int]
    package var beta: Double
    /// Whether the norm of the loss's gradient is computed too.
    package var gradient: Bool

    package init(
        adapter: String?, reference: String?, prompt: [Message], images: [ImageReference] = [],
        completions: [String], ranks: [Int], beta: Double = 0.1, gradient: Bool = true
    ) {
        self.adapter = adapter
        self.reference = reference
        self.prompt = prompt
        self.images = images
        self.completions = completions
        self.ranks = ranks
        self.beta = beta
        self.gradient = gradient
    }
}

/// Completions whose log-probabilities are asked for.
package struct EngineScore: Codable, Sendable, Hashable {
    /// The folder of a PEFT adapter; nil for the base model.
    package var adapter: String?
    package var items: [Item]

    /// A prompt and what may answer it.
    package struct Item: Codable, Sendable, Hashable {
        package var prompt: [Message]
        /// As of ``EngineSample``.
        package var images: [ImageReference]
        package var completions: [String]

        package init(
            prompt: [Message], images: [ImageReference] = [], completions: [String]
        ) {
            self.prompt = prompt
            self.images = images
            self.completions = completions
        }
    }

    package init(adapter: String?, items: [Item]) {
        self.adapter = adapter
        self.items = items
    }
}

extension EngineRequest: Codable {
    private enum Key: String, CodingKey {
        case id, op
    }

    private enum Name: String, Codable {
        case sample, judge, score, explain, cancel
    }

    /// - Throws: `DecodingError` where a member is missing, of the wrong type, or `op` unknown.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        id = try container.decode(Int.self, forKey: .id)
        switch try container.decode(Name.self, forKey: .op) {
        case .sample: operation = .sample(try EngineSample(from: decoder))
        case .judge: operation = .judge(try EngineJudge(from: decoder))
        case .score: operation = .score(try EngineScore(from: decoder))
        case .explain: operation = .explain(try EngineExplain(from: decoder))
        case .cancel: operation = .cancel
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(id, forKey: .id)
        switch operation {
        case .sample(let sample):
            try container.encode(Name.sample, forKey: .op)
            try sample.encode(to: encoder)
        case .judge(let judge):
            try container.encode(Name.judge, forKey: .op)
            try judge.encode(to: encoder)
        case .score(let score):
            try container.encode(Name.score, forKey: .op)
            try score.encode(to: encoder)
        case .explain(let explain):
            try container.encode(Name.explain, forKey: .op)
            try explain.encode(to: encoder)
        case .cancel:
            try container.encode(Name.cancel, forKey: .op)
        }
    }
}
