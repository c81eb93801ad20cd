import Datasets
import Records

/// A byte is a token; five ids above them are special, one of which stands for an image.
///
/// Conversations are written as ChatML:
/// `<start>role\ncontent<end>\n`, and the assistant's content and `<end>` are its own.
struct ByteEncoding: TextEncoding {
    static let (start, end, beginning): (Int32, Int32, Int32) = (256, 257, 259)
    var endOfText: Int32 = 258
    var beginsText = false
    /// Whether prompts begin otherwise than conversations.
    var changesPrompts = false
    /// Nil for a model of text.
    var measuring: (any ImageMeasuring)?

    static let image: Int32 = 260
    var imageTokenID: Int32? { measuring == nil ? nil : Self.image }

    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    func encode(_ text: String, beginning: Bool) -> [Int32] {
        let pieces = text.split(separator: "\u{FFFC}", omittingEmptySubsequences: false)
            .map { $0.utf8.map(Int32.init) }
        return (beginning && beginsText ? [Self.beginning] : [])
            + pieces.joined(separator: [Self.image])
    }

    func render(_ messages: [Message]) throws -> RenderedConversation {
        var rendered = RenderedConversation(tokenIDs: [], isAssistant: [])
        for message in messages {
            if message.role == "refused" { throw Refusal(description: "no such role") }
            let isAssistant = message.role == "assistant"
            let header = [Self.start] + encode(message.role + "\n", beginning: false)
            rendered.append(header, isAssistant: false)
            let content = encode(message.content, beginning: false) + [Self.end]
            rendered.append(content, isAssistant: isAssistant)
            rendered.append(encode("\n", beginning: false), isAssistant: false)
        }
        return rendered
    }

    func renderPrompt(_ messages: [Message]) throws -> [Int32] {
        let header = [Self.start] + encode("assistant\n", beginning: false)
        return try (changesPrompts ? [endOfText] : []) + render(messages).tokenIDs + header
    }

    func decode(_ tokenIDs: [Int32]) -> String {
        var text = ""
        for id in tokenIDs {
            switch id {
            case Self.start: text += "<start>"
            case Self.end: text += "<end>"
            case endOfText: text += "<eot>"
            case Self.beginning: text += "<bot>"
            case Self.image: text += "*"
            default: text.unicodeScalars.append(Unicode.Scalar(UInt8(id)))
            }
        }
        return text
    }
}

extension RenderedConversation {
    fileprivate mutating func append(_ ids: [Int32], isAssistant labelled: Bool) {
        tokenIDs += ids
        isAssistant += ids.map { _ in labelled }
    }
}

extension TokenizedExample {
    /// The text of the labelled tokens.
    func labelledText(_ encoding: some TextEncoding) -> String {
        encoding.decode(zip(tokenIDs, labels).filter(\.1).map(\.0))
    }
}
