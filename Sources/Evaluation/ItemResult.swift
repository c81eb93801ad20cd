/// What a model answered to one question: one row of items.jsonl.
public struct ItemResult: Sendable, Hashable {
    /// The question's id.
    public let id: String
    /// The question's group.
    public let group: String?
    /// The label of the right option.
    public let gold: String
    /// The label the model chose; nil where its reply cannot be parsed.
    public let predicted: String?
    /// The reply, where one was generated.
    public let text: String?
    /// Each option's score by label, where options were scored: a log-likelihood, or one for each
    /// token.
    public let scores: [String: Double]?

    /// What was answered to one question.
    public init(
        id: String,
        group: String? = nil,
        gold: String,
        predicted: String?,
        text: String? = nil,
        scores: [String: Double]? = nil
    ) {
        self.id = id
        self.group = group
        self.gold = gold
        self.predicted = predicted
        self.text = text
        self.scores = scores
    }

    /// Whether the chosen option is the right one.
    public var correct: Bool { predicted == gold }
}

extension ItemResult: Codable {
    private enum CodingKeys: String, CodingKey {
        case id, group, gold, predicted, correct, text, scores
    }

    /// Reads a row; one that contradicts itself is an error.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            id: try values.decode(String.self, forKey: .id),
            group: try values.decodeIfPresent(String.self, forKey: .group),
            gold: try values.decode(String.self, forKey: .gold),
            predicted: try values.decodeIfPresent(String.self, forKey: .predicted),
            text: try values.decodeIfPresent(String.self, forKey: .text),
            scores: try values.decodeIfPresent([String: Double].self, forKey: .scores)
        )
        guard try values.decode(Bool.self, forKey: .correct) == correct else {
            throw DecodingError.dataCorruptedError(
                forKey: .correct,
                in: values,
                debugDescription: "not what gold and predicted say"
            )
        }
    }

    /// Writes a row with every key but those that do not apply.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(id, forKey: .id)
        try values.encodeIfPresent(group, forKey: .group)
        try values.encode(gold, forKey: .gold)
        // Null, not absent: every row says what was predicted.
        try values.encode(predicted, forKey: .predicted)
        try values.encode(correct, forKey: .correct)
        try values.encodeIfPresent(text, forKey: .text)
        try values.encodeIfPresent(scores, forKey: .scores)
    }
}
