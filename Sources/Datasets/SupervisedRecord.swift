import Answers
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
    /// In the order of their places in the text.
    public let images: [ImageReference]

    /// A record made in the program.
    public init(id: String?, line: Int, body: Body, images: [ImageReference] = []) {
        self.id = id
        self.line = line
        self.body = body
        self.images = images
    }

    /// Reads every format of `RecordFormat` that is supervised.
    ///
    /// - Throws: `RecordFault.notSupervised` for preference data, and what else is wrong.
    public init(_ source: RecordSource) throws(RecordFault) {
        let format = try RecordFormat.detect(source.columns)
        guard format.isSupervised else { throw .notSupervised(format) }
        let images = try source.images(turns: format.columns)
        let body = try Self.body(source, format).placing(images: images.count)
        self.init(id: source.id, line: source.line, body: body, images: images)
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
        case .problem:
            .conversation([.user(try source.text("problem")), try answer(source, "solution")])
        case .question: .conversation(try question(source))
        case .humanFeedback: .conversation(try humanFeedback(source))
        default: try promptCompletion(source)
        }
    }

    private static func promptCompletion(_ source: RecordSource) throws(RecordFault) -> Body {
        let record = try PromptCompletionRecord(source)
        return .promptCompletion(prompt: record.prompt, completion: record.completion)
    }

    /// The options would be lost, and with them what the answer means.
    private static func question(_ source: RecordSource) throws(RecordFault) -> [Message] {
        if source.columns["options"] != nil { throw .unreadColumn("options") }
        return [.user(try source.text("question")), try answer(source, "answer")]
    }

    /// VQA-RAD counts with numbers.
    private static func answer(
        _ source: RecordSource, _ column: String
    ) throws(RecordFault) -> Message {
        if let number = source.columns[column]?.integer { return .assistant(String(number)) }
        let text = try source.text(column).trimmed
        if text.isEmpty { throw .empty(column: column) }
        return .assistant(text)
    }

    private static func alpaca(_ source: RecordSource) throws(RecordFault) -> [Message] {
        try source.systemTurn() + [
            .user(try source.instruction()), .assistant(try source.text("output")),
        ]
    }

    private static func humanFeedback(_ source: RecordSource) throws(RecordFault) -> [Message] {
        let answer = Message.assistant(try source.text("preferred_response"))
        switch try source.turns("prompt") {
        case .text(let question): return [.user(question), answer]
        case .messages(let turns): return turns + [answer]
        }
    }

    private static func trained(_ messages: [Message]) throws(RecordFault) -> [Message] {
        guard messages.hasAnswer else { throw .noAssistantTurn }
        return messages
    }
}

extension SupervisedRecord.Body {
    fileprivate func placing(images: Int) throws(RecordFault) -> Self {
        switch self {
        case .conversation(let messages):
            .conversation(try messages.placing(images: images))
        case .promptCompletion(let prompt, let completion):
            .promptCompletion(
                prompt: try prompt.placing(images: images), completion: completion)
        case .text(let text):
            .text(try text.placing(images: images))
        }
    }
}

extension Message {
    static func user(_ content: String) -> Message { Message(role: "user", content: content) }

    static func assistant(_ content: String) -> Message {
        Message(role: "assistant", content: content)
    }
}

extension [Message] {
    /// Whether an assistant turn has text.
    var hasAnswer: Bool { contains { $0.role == "assistant" && !$0.content.isEmpty } }
}
