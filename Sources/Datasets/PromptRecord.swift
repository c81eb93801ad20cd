import Records

/// A prompt to answer, with the columns that tell what a good answer is: what `grpo`, `rloo` and
/// `ppo` put to the model, and what evaluations ask.
///
/// The first of these columns is the prompt:
/// 1. `prompt`, plain or conversational (TRL);
/// 2. `messages`, or `conversations` with `system`: a last turn of the assistant is no part of
///    the prompt but the known answer;
/// 3. `problem` (Med-R1);
/// 4. `question`, with `options` as ``ChoiceQuestion`` words them, as evaluations do;
/// 5. `instruction` with `input` (Alpaca), whose `output` is the known answer;
/// 6. `request` (MedSafetyBench).
///
/// From 3 on the text is what a user says. Images come from the columns `image`, `images` or
/// `image_name`, or from the parts of the turns.
public struct PromptRecord: DatasetRecord, Hashable {
    /// The column `id`, if there is one.
    public let id: String?
    /// Where the record begins, counted from 1.
    public let line: Int
    /// What is to be answered, plain or conversational.
    public let prompt: Turns
    /// Every column but `id`, those of 1 and 2, and one of images in base64. A known answer that
    /// the record has elsewhere is the column `answer`, unless there is an `answer`, a `solution`
    /// or a `gold`.
    public let columns: [String: JSONValue]
    /// In the order of their places in the prompt.
    public let images: [ImageReference]

    /// A record made in the program.
    public init(
        id: String?, line: Int, prompt: Turns, columns: [String: JSONValue],
        images: [ImageReference] = []
    ) {
        self.id = id
        self.line = line
        self.prompt = prompt
        self.columns = columns
        self.images = images
    }

    /// Reads the prompt and keeps the other columns as they are.
    ///
    /// - Throws: `RecordFault` when there is none, or when it ends with an answer.
    public init(_ source: RecordSource) throws(RecordFault) {
        guard let form = Form.allCases.first(where: { source.columns[$0.rawValue] != nil }) else {
            throw .notAccepted(
                columns: source.columns.keys.sorted(), accepted: Form.allCases.map(\.rawValue))
        }
        let images = try source.images(turns: [form.rawValue])
        let (turns, answer) = try form.read(source)
        let prompt = try turns.placing(images: images.count)
        guard prompt.asMessages.last?.role != "assistant" else {
            throw .wrongShape(column: form.rawValue, expected: "ended by what is to be answered")
        }
        var columns = source.columns.filter { $0.key != "id" && !form.ownColumns.contains($0.key) }
        // Letters of an image are held once, decoded, and told to nobody.
        if let column = source.imageColumn, images.contains(where: { $0.embedded != nil }) {
            columns[column] = nil
        }
        if let answer, ["answer", "solution", "gold"].allSatisfy({ columns[$0] == nil }) {
            columns["answer"] = .string(answer)
        }
        self.init(
            id: source.id, line: source.line, prompt: prompt, columns: columns, images: images)
    }
}

extension PromptRecord {
    /// What a record of any purpose asks, its images aside: the prompt, or what comes before the
    /// chosen answer; nil when it asks nothing.
    static func turns(of source: RecordSource) -> Turns? {
        if let form = Form.allCases.first(where: { source.columns[$0.rawValue] != nil }) {
            return try? form.read(source).prompt
        }
        let chosen = try? source.messages("chosen")
        return chosen.map { .messages($0.dropLast()) }
    }
}

/// Where a record has its prompt, in the order of precedence.
private enum Form: String, CaseIterable {
    case prompt, messages, conversations, problem, question, instruction, request

    typealias Reading = (prompt: Turns, answer: String?)

    /// Columns that are the conversation, not something about it.
    var ownColumns: [String] {
        switch self {
        case .prompt, .messages: [rawValue]
        case .conversations: [rawValue, "system"]
        case .problem, .question, .instruction, .request: []
        }
    }

    func read(_ source: RecordSource) throws(RecordFault) -> Reading {
        switch self {
        case .prompt: (try source.turns(rawValue), nil)
        case .messages: try Self.parted(source.messages(rawValue))
        case .conversations:
            try Self.parted(source.systemTurn() + source.messages(rawValue))
        case .problem, .request: (.asked(try source.text(rawValue)), nil)
        case .question: (.asked(try Self.question(source)), nil)
        case .instruction:
            (.asked(try source.instruction()), source.columns["output"]?.string)
        }
    }

    private static func parted(_ turns: [Message]) throws(RecordFault) -> Reading {
        guard let last = turns.last, last.role == "assistant" else {
            return (.messages(turns), nil)
        }
        let prompt = Array(turns.dropLast())
        if prompt.isEmpty { throw .noPrompt }
        return (.messages(prompt), last.content.isEmpty ? nil : last.content)
    }

    private static func question(_ source: RecordSource) throws(RecordFault) -> String {
        guard source.columns["options"] != nil else { return try source.text("question") }
        return try ChoiceQuestion(source.columns).prompt
    }
}

extension Turns {
    fileprivate static func asked(_ text: String) -> Turns {
        .messages([Message(role: "user", content: text)])
    }
}
