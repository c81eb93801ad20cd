/// What is wrong with one record.
///
/// It says columns, counts and formats, never the record's text.
public enum RecordFault: Error, Sendable, Hashable {
    /// Not JSON, or the file has no record at all.
    case malformed(String)
    /// JSON, but a list, a number or text.
    case notAnObject
    /// No format has these columns.
    case unknownFormat(columns: [String])
    /// More than one format has all of its columns.
    case ambiguousFormat([RecordFormat])
    /// Data that compares or judges answers, given to `sft`.
    case notSupervised(RecordFormat)
    /// The record has pictures.
    case hasImages
    /// A column that is needed is not there.
    case missing(column: String)
    /// The JSON in a column is not what the format has there.
    case wrongShape(column: String, expected: String)
    /// Text without a character, or a list without an element.
    case empty(column: String)
    /// A column that would change the meaning, and that is not read.
    case unreadColumn(String)
    /// A ShareGPT turn by somebody else than the known speakers; turns count from 1.
    case unknownSpeaker(column: String, turn: Int)
    /// One side is plain, the other conversational.
    case mixedPromptAndCompletion
    /// No turn of an assistant has text.
    case noAssistantTurn
    /// The chat template refuses the conversation.
    case template(String)
    /// The rendered prompt does not begin the rendered prompt and completion.
    case promptIsNoPrefix
    /// The label mask is empty.
    case noLabel
    /// The label mask is empty after cutting.
    case noLabelLeft(maxLength: Int)
    /// More tokens than allowed.
    case tooLong(tokens: Int, maxLength: Int)
}

extension RecordFault: CustomStringConvertible {
    /// What is wrong, as the end of a sentence about the record.
    public var description: String {
        switch self {
        case .malformed(let reason): reason
        case .notAnObject: "is not a JSON object"
        case .unknownFormat(let columns): Self.unknown(columns)
        case .ambiguousFormat(let formats):
            "fits more than one format (\(formats.map(\.signature).joined(separator: "; "))): "
                + "keep the columns of one"
        case .notSupervised(let format):
            "is preference data (\(format.signature)); sft does not read it"
        case .hasImages: "has images; only text is read here"
        case .missing(let column): "has no column `\(column)`"
        case .wrongShape(let column, let expected): "column `\(column)` is not \(expected)"
        case .empty(let column): "column `\(column)` is empty"
        case .unreadColumn(let column):
            "column `\(column)` is not read: write all turns as `messages`"
        case .unknownSpeaker(let column, let turn):
            "column `\(column)`, turn \(turn): the speaker is none of "
                + "system, human, user, gpt, assistant"
        case .mixedPromptAndCompletion:
            "one of `prompt` and `completion` is plain text and the other a list of messages"
        default: tokenDescription
        }
    }

    private var tokenDescription: String {
        switch self {
        case .noAssistantTurn: "no assistant turn has text: nothing to train on"
        case .template(let reason): "the chat template refuses it: \(reason)"
        case .promptIsNoPrefix:
            "the chat template does not begin prompt + completion with the prompt, "
                + "so the completion cannot be told from it"
        case .noLabel: "no token of it is labelled: nothing to train on"
        case .noLabelLeft(let maxLength):
            "no labelled token is left when it is cut to \(maxLength) tokens"
        case .tooLong(let tokens, let maxLength):
            "has \(tokens) tokens; at most \(maxLength) are allowed"
        default: ""
        }
    }

    private static func unknown(_ columns: [String]) -> String {
        let shown = columns.prefix(12).map { String($0.prefix(40)) }.joined(separator: ", ")
        let found = shown.isEmpty ? "no columns" : "the columns \(shown)"
        let accepted = RecordFormat.allCases.map(\.signature).joined(separator: "; ")
        return "has \(found), which fit no format; accepted: \(accepted)"
    }
}
