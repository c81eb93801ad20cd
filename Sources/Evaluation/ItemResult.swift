/// What a model answered to one question: one row of items.jsonl.
public struct ItemResult: Sendable, Hashable {
    /// The question's id.
    public let id: String
    /// The question's group.
    public let group: String?
    /// The label of the right option; of an open question the right answer as it is compared.
    public let gold: String
    /// The label the model chose, or its open answer as it is compared; nil where its reply cannot
    /// be parsed.
    public let predicted: String?
    /// The reply, where one was generated.
    public let text: String?
    /// Each option's score by label, where options were scored: a log-likelihood, or one for each
    /// token.
    public let scores: [String: Double]?
    /// Whether the reply is right when read strictly; nil where that was not looked at.
    public let strict: Bool?
    /// Whether the reply has the form asked for; nil where that was not looked at.
    public let hasForm: Bool?
    /// What an open answer has of the right one's words; nil for questions with options.
    public let open: OpenScore?
    /// The question's facets.
    public let facets: [String: String]
    /// The question's cluster.
    public let cluster: Int?

    /// What was answered to one question.
    public init(
        id: String,
        group: String? = nil,
        gold: String,
        predicted: String?,
        text: String? = nil,
        scores: [String: Double]? = nil,
        strict: Bool? = nil,
        hasForm: Bool? = nil,
        open: OpenScore? = nil,
        facets: [String: String] = [:],
        cluster: Int? = nil
    ) {
        self.id = id
        self.group = group
        self.gold = gold
        self.predicted = predicted
        self.text = text
        self.scores = scores
        self.strict = strict
        self.hasForm = hasForm
        self.open = open
        self.facets = facets
        self.cluster = cluster
    }

    /// What was answered to this question.
    init(
        _ item: EvaluationItem, predicted: String?, text: String? = nil,
        scores: [String: Double]? = nil, strict: Bool? = nil, hasForm: Bool? = nil,
        open: OpenScore? = nil
    ) {
        self.init(
            id: item.id, group: item.group,
            gold: item.isOpen ? OpenAnswer(item.gold).text : item.gold, predicted: predicted,
            text: text, scores: scores, strict: strict, hasForm: hasForm, open: open,
            facets: item.facets, cluster: item.cluster)
    }

    /// Whether the chosen option is the right one.
    public var correct: Bool { predicted == gold }
}

extension ItemResult: Codable {
    private enum CodingKeys: String, CodingKey {
        case id, group, gold, predicted, correct, text, scores, open, facets, cluster
        case strict = "strict_correct"
        case hasForm = "has_form"
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
            scores: try values.decodeIfPresent([String: Double].self, forKey: .scores),
            strict: try values.decodeIfPresent(Bool.self, forKey: .strict),
            hasForm: try values.decodeIfPresent(Bool.self, forKey: .hasForm),
            open: try values.decodeIfPresent(OpenScore.self, forKey: .open),
            facets: try values.decodeIfPresent([String: String].self, forKey: .facets) ?? [:],
            cluster: try values.decodeIfPresent(Int.self, forKey: .cluster)
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
        try values.encodeIfPresent(strict, forKey: .strict)
        try values.encodeIfPresent(hasForm, forKey: .hasForm)
        try values.encodeIfPresent(open, forKey: .open)
        if !facets.isEmpty { try values.encode(facets, forKey: .facets) }
        try values.encodeIfPresent(cluster, forKey: .cluster)
    }
}
