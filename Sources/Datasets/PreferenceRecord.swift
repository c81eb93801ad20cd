import Answers
import Records

/// A prompt with two answers of which one is preferred: what the reward model, DPO, ORPO and
/// SimPO learn from.
///
/// Read are TRL's columns `prompt`, `chosen` and `rejected`, all plain or all conversational;
/// `chosen` and `rejected` without a prompt, which is then what both begin with; a plain `prompt`
/// beside conversations (UltraMedical-Preferences), which may repeat it; and MMedPO's
/// `conversations` and `rejected_conversations`, whose answers lose the space around them.
public struct PreferenceRecord: DatasetRecord, Hashable {
    /// The column `id`, if there is one.
    public let id: String?
    /// Where the record begins, counted from 1.
    public let line: Int
    /// What is answered, plain or conversational, as both answers are.
    public let prompt: Turns
    /// The better answer; conversational ones are a single turn of the assistant.
    public let chosen: Turns
    /// The worse answer.
    public let rejected: Turns
    /// By how much the chosen one should score higher, for the reward model (TRL's `margin`).
    public let margin: Double?
    /// What the pair's loss is multiplied by, 0 or more: MMedPO's `weighted_score`, or `weight`.
    public let weight: Double?
    /// In the order of their places in the prompt; both answers are to them.
    public let images: [ImageReference]

    /// A record made in the program.
    public init(
        id: String?, line: Int, prompt: Turns, chosen: Turns, rejected: Turns,
        margin: Double? = nil, weight: Double? = nil, images: [ImageReference] = []
    ) {
        (self.id, self.line) = (id, line)
        (self.prompt, self.chosen, self.rejected) = (prompt, chosen, rejected)
        (self.margin, self.weight, self.images) = (margin, weight, images)
    }

    /// Reads the columns of a preference; others are left alone.
    ///
    /// - Throws: `RecordFault`, among others when the answers are the same, are to different
    ///   prompts, or are more than one turn each.
    public init(_ source: RecordSource) throws(RecordFault) {
        let columns = try Self.columns(of: source)
        let images = try source.images(turns: ["prompt", columns.chosen])
        let chosen = try Self.answered(source, columns.chosen)
        let rejected = try Self.answered(source, columns.rejected)
        guard chosen != rejected else { throw .identicalAnswers }
        let pair = try Self.parted(chosen, rejected, prompt: Self.prompt(of: source), columns)
        self.init(
            id: source.id, line: source.line,
            prompt: try pair.prompt.placing(images: images.count),
            chosen: try pair.chosen.withoutImagePlaces(images: images.count),
            rejected: try pair.rejected.withoutImagePlaces(images: images.count),
            margin: try source.finiteNumber("margin"), weight: try Self.weight(of: source),
            images: images)
    }

    typealias Parts = (prompt: Turns, chosen: Turns, rejected: Turns)
    typealias Columns = (chosen: String, rejected: String)

    private static let formats: [RecordFormat] = [.preference, .conversationPreference]

    /// Whether there are the columns of a preference.
    static func fits(_ source: RecordSource) -> Bool { formats.contains(where: source.has) }

    private static func columns(of source: RecordSource) throws(RecordFault) -> Columns {
        let found = formats.filter(source.has)
        guard let format = found.first else { throw source.notAccepted(formats) }
        guard found.count == 1 else { throw .ambiguousFormat(found) }
        return (format.columns[0], format.columns[1])
    }

    /// The turns of a column; LLaVA's way of joining turns left a space before MMedPO's answers.
    private static func answered(
        _ source: RecordSource, _ column: String
    ) throws(RecordFault) -> Turns {
        let turns = try source.turns(column)
        guard RecordFormat.conversationPreference.columns.contains(column),
            case .messages(let messages) = turns
        else { return turns }
        return .messages(
            messages.map { turn in
                turn.role == "assistant"
                    ? Message(role: turn.role, content: turn.content.trimmed) : turn
            })
    }

    private static func weight(of source: RecordSource) throws(RecordFault) -> Double? {
        for column in ["weight", "weighted_score"] {
            guard let weight = try source.finiteNumber(column) else { continue }
            guard weight >= 0 else {
                throw .wrongShape(column: column, expected: "a number from 0")
            }
            return weight
        }
        return nil
    }

    /// ShareGPT files keep the system prompt in a column of its own.
    private static func prompt(of source: RecordSource) throws(RecordFault) -> Turns? {
        if source.columns["prompt"] != nil { return try source.turns("prompt") }
        let system = try source.systemTurn()
        return system.isEmpty ? nil : .messages(system)
    }

    private static func parted(
        _ chosen: Turns, _ rejected: Turns, prompt: Turns?, _ columns: Columns
    ) throws(RecordFault) -> Parts {
        switch (chosen, rejected) {
        case (.text(let chosen), .text(let rejected)):
            return try parted(chosen, rejected, prompt: prompt)
        case (.messages(let chosen), .messages(let rejected)):
            return try parted(chosen, rejected, prompt: prompt, columns)
        default: throw .mixedAnswers
        }
    }
}

extension RecordSource {
    func has(_ format: RecordFormat) -> Bool {
        format.columns.allSatisfy { columns[$0] != nil }
    }

    func notAccepted(_ formats: [RecordFormat]) -> RecordFault {
        .notAccepted(columns: columns.keys.sorted(), accepted: formats.map(\.signature))
    }

    /// A column that may be missing.
    func finiteNumber(_ column: String) throws(RecordFault) -> Double? {
        guard let value = columns[column] else { return nil }
        guard let number = value.number, number.isFinite else {
            throw .wrongShape(column: column, expected: "a number")
        }
        return number
    }
}
