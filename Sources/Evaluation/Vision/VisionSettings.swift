/// How questions about images are asked.
public struct VisionSettings: Sendable, Hashable, Codable {
    /// Each makes an evaluation of its own; the first is the headline.
    public var templates: [AnswerTemplate]
    public var method: EvaluationMethod
    /// Put in the place of the templates' own words; nil for these.
    public var systemPrompt: String?
    /// Longest generated answer in tokens; nil for the template's own.
    public var maximumTokens: Int?
    /// Whether the model is also shown blank and shuffled images.
    public var showsControls: Bool
    /// Of the derangement and of the bootstrap.
    public var seed: UInt64

    public init(
        templates: [AnswerTemplate] = [.noThink], method: EvaluationMethod = .generation,
        systemPrompt: String? = nil, maximumTokens: Int? = nil, showsControls: Bool = true,
        seed: UInt64 = 0
    ) {
        (self.templates, self.method) = (templates, method)
        (self.maximumTokens, self.showsControls) = (maximumTokens, showsControls)
        (self.systemPrompt, self.seed) = (systemPrompt, seed)
    }

    enum CodingKeys: String, CodingKey {
        case templates, method, seed
        case systemPrompt = "system_prompt"
        case maximumTokens = "max_tokens"
        case showsControls = "controls"
    }
}

/// What was answered with one template.
public struct TemplateResults: Sendable {
    public let template: AnswerTemplate
    /// About the images themselves, in the order of the questions.
    public let items: [ItemResult]
    /// In the place of the images; a condition that was not asked is missing.
    public let controls: [ImageCondition: [ItemResult]]

    /// - Precondition: all lists are of one length.
    public init(
        template: AnswerTemplate, items: [ItemResult], controls: [ImageCondition: [ItemResult]]
    ) {
        precondition(controls.values.allSatisfy { $0.count == items.count }, "unequal lists")
        (self.template, self.items, self.controls) = (template, items, controls)
    }
}

/// What the controls without a model learn from.
public struct TextTraining: Sendable {
    public let questions: [TextQuestion]
    /// SHA-256 of the file.
    public let sha256: String

    /// Questions made in the program.
    public init(questions: [TextQuestion], sha256: String) {
        (self.questions, self.sha256) = (questions, sha256)
    }
}
