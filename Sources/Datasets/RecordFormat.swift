import Records

/// The shapes of training records, told apart by their columns alone.
///
/// A record has a format when it has all of its columns. Where the columns of one format are a
/// subset of another's (`prompt`+`completion` of `prompt`+`completion`+`label`), the larger one
/// holds. `problem` and `question` hold only where nothing else does: next to a conversation they
/// are remarks for rewards and evaluations. Two other formats neither of which contains the other
/// are an error.
public enum RecordFormat: Sendable, Hashable, CaseIterable {
    /// TRL: a list of `{role, content}`.
    case messages
    /// TRL: plain text, every token of it trained.
    case text
    /// TRL: plain or conversational; the completion is trained.
    case promptCompletion
    /// TRL (KTO): a completion judged good or bad.
    case labelledCompletion
    /// TRL and UltraMedical-Preferences: two answers, one preferred.
    case preference
    /// MMedPO: two conversations, one preferred.
    case conversationPreference
    /// ShareGPT and UltraMedical: `conversations` of `{from, value}`.
    case conversations
    /// Alpaca: `instruction`, `input`, `output`.
    case alpaca
    /// The workbench's human-in-the-loop records; the answer an expert preferred is trained.
    case humanFeedback
    /// Med-R1 and OmniMedVQA: the options stand in the problem.
    case problem
    /// VQA-RAD: a question with a written answer.
    case question

    /// The columns that make the format.
    public var columns: [String] {
        switch self {
        case .messages: ["messages"]
        case .text: ["text"]
        case .promptCompletion: ["prompt", "completion"]
        case .labelledCompletion: ["prompt", "completion", "label"]
        case .preference: ["chosen", "rejected"]
        case .conversationPreference: ["conversations", "rejected_conversations"]
        case .conversations: ["conversations"]
        case .alpaca: ["instruction", "output"]
        case .humanFeedback: ["prompt", "generated_response", "preferred_response"]
        case .problem: ["problem", "solution"]
        case .question: ["question", "answer"]
        }
    }

    /// Whether `sft` reads the format; the others compare or judge answers.
    public var isSupervised: Bool {
        switch self {
        case .labelledCompletion, .preference, .conversationPreference: false
        default: true
        }
    }

    var signature: String { columns.joined(separator: "+") }

    /// The format of a record with these columns.
    ///
    /// - Throws: `RecordFault.unknownFormat` or `.ambiguousFormat`.
    public static func detect(
        _ columns: [String: JSONValue]
    ) throws(RecordFault) -> RecordFormat {
        let all = allCases.filter { $0.columns.allSatisfy { columns[$0] != nil } }
        let conversations = all.filter { ![.problem, .question].contains($0) }
        let present = conversations.isEmpty ? all : conversations
        let largest = present.filter { format in
            !present.contains { Set(format.columns).isStrictSubset(of: $0.columns) }
        }
        guard let format = largest.first else {
            throw .unknownFormat(columns: columns.keys.sorted())
        }
        guard largest.count == 1 else { throw .ambiguousFormat(largest) }
        return format
    }
}
