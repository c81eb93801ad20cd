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
    /// None of the formats that a trainer reads, which are told, has these columns.
    case notAccepted(columns: [String], accepted: [String])
    /// Data that compares or judges answers, given to `sft`.
    case notSupervised(RecordFormat)
    /// The record has images, and the model reads none.
    case hasImages
    /// Images that are not there, by the paths that the record has.
    case imagesNotFound([String])
    /// Images that are there and cannot be used.
    case images([ImageFault])
    /// More than one column says which images the record has.
    case ambiguousImages(columns: [String])
    /// A column that is not read and seems to say which images the record has.
    case unreadImages(column: String)
    /// An image that stands in the record itself and cannot be decoded; never its letters.
    case encodedImage(column: String, reason: String)
    /// The letters of an image where words belong.
    case imageInText(column: String)
    /// A column that asks for another image than the record's.
    case otherImages(column: String)
    /// The text has another number of places for images than the record has images.
    case imagePlaces(Int, images: Int)
    /// The ids have another number of image tokens than the record has images.
    case imageTokens(found: Int, images: Int)
    /// A place for an image, or an image token, in what the model is to answer.
    case imageInAnswer
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
    /// Of `prompt`, `chosen` and `rejected` some are plain and some conversational.
    case mixedAnswers
    /// Both answers of a preference are the same.
    case identicalAnswers
    /// Both answers of a preference are the same after cutting.
    case identicalAnswersLeft(maxLength: Int)
    /// The answers of a preference are to different prompts.
    case promptsDiffer
    /// Nothing comes before the answer.
    case noPrompt
    /// No turn of an assistant has text.
    case noAssistantTurn
    /// The chat template refuses the conversation.
    case template(String)
    /// The prompt's tokens do not begin those of prompt and completion.
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
        case .unknownFormat(let columns):
            Self.unknown(columns, RecordFormat.allCases.map(\.signature))
        case .notAccepted(let columns, let accepted):
            Self.unknown(columns, accepted)
        case .ambiguousFormat(let formats):
            "fits more than one format (\(formats.map(\.signature).joined(separator: "; "))): "
                + "keep the columns of one"
        case .notSupervised(let format):
            "is preference data (\(format.signature)); sft does not read it"
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
        default: answerDescription
        }
    }

    private var answerDescription: String {
        switch self {
        case .mixedAnswers:
            "`prompt`, `chosen` and `rejected` are neither all plain text nor all lists of messages"
        case .identicalAnswers: "the chosen and the rejected answer are the same"
        case .identicalAnswersLeft(let maxLength):
            "the chosen and the rejected answer are the same when cut to \(maxLength) tokens"
        case .promptsDiffer: "the chosen and the rejected answer are not to the same prompt"
        case .noPrompt: "there is no prompt: nothing comes before the answer"
        default: tokenDescription
        }
    }

    private var tokenDescription: String {
        switch self {
        case .noAssistantTurn: "no assistant turn has text: nothing to train on"
        case .template(let reason): "the chat template refuses it: \(reason)"
        case .promptIsNoPrefix:
            "the tokens of prompt + completion do not begin with those of the prompt, "
                + "so the completion cannot be told from it"
        case .noLabel: "no token of it is labelled: nothing to train on"
        case .noLabelLeft(let maxLength):
            "no labelled token is left when it is cut to \(maxLength) tokens"
        case .tooLong(let tokens, let maxLength):
            "has \(tokens) tokens; at most \(maxLength) are allowed"
        default: imageDescription
        }
    }

    private static func unknown(_ columns: [String], _ accepted: [String]) -> String {
        let shown = columns.prefix(12).map { String($0.prefix(40)) }.joined(separator: ", ")
        let found = shown.isEmpty ? "no columns" : "the columns \(shown)"
        let formats = accepted.joined(separator: "; ")
        return "has \(found), which fit no format; accepted: \(formats)"
    }
}
