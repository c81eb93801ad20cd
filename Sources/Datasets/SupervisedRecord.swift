import Records

/// A record to imitate: what `sft` trains on.
public struct SupervisedRecord: DatasetRecord, Hashable {
    /// What the record teaches.
    public enum Body: Sendable, Hashable {
        /// Every assistant turn is trained.
        case conversation([Message])
        /// The completion is trained. Both sides are plain or both are conversational.
        case promptCompletion(prompt: Turns, completion: Turns)
        /// Every token is trained.
        case text(String)
    }

    /// The column `id`, if there is one.
    public let id: String?
    /// Where the record begins, counted from 1.
    public let line: Int
    /// What the record teaches.
    public let body: Body

    /// A record made in the program.
    public init(id: String?, line: Int, body: Body) {
        self.id = id
        self.line = line
        self.body = body
    }

    /// Reads every format of `RecordFormat` that is supervised.
    ///
    /// - Throws: `RecordFault.notSupervised` for preference data, and what else is wrong.
    public init(_ source: RecordSource) throws(RecordFault) {
        let format = try RecordFormat.detect(source.columns)
        guard format.isSupervised else { throw .notSupervised(format) }
        try source.refuseImages()
        self.init(id: source.id, line: source.line, body: try Self.body(source, format))
    }

    private static func body(
        _ source: RecordSource,
        _ format: RecordFormat
    ) throws(RecordFault) -> Body {
        switch format {
        case .text: .text(try source.text("text"))
        case .messages: .conversation(try trained(source.messages("messages")))
        case .conversations:
            .conversation(try trained(source.systemTurn() + source.messages("conversations")))
        case .alpaca: .conversation(try alpaca(source))
        case .humanFeedback: .conversation(try humanFeedback(source))
        default: try promptCompletion(source)
        }
    }

    private static func promptCompletion(_ source: RecordSource) throws(RecordFault) -> Body {
        let record = try PromptCompletionRecord(source)
        return .promptCompletion(prompt: record.prompt, completion: record.completion)
    }

    private static func alpaca(_ source: RecordSource) throws(RecordFault) -> [Message] {
        try source.systemTurn() + [
            Message(role: "user", content: try source.instruction()),
            Message(role: "assistant", content: try source.text("output")),
        ]
    }

    private static func humanFeedback(_ source: RecordSource) throws(RecordFault) -> [Message] {
        let answer = Message(role: "assistant", content: try source.text("preferred_response"))
        switch try source.turns("prompt") {
        case .text(let question): return [Message(role: "user", content: question), answer]
        case .messages(let turns): return turns + [answer]
        }
    }

    private static func trained(_ messages: [Message]) throws(RecordFault) -> [Message] {
        guard messages.hasAnswer else { throw .noAssistantTurn }
        return messages
    }
}

extension [Message] {
    /// Whether an assistant turn has text.
    var hasAnswer: Bool { contains { $0.role == "assistant" && !$0.content.isEmpty } }
}
