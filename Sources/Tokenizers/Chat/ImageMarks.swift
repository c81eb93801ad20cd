import Records

/// Keeps apart, from messages to ids, what stands for an image and what only spells its token.
///
/// A user who writes `<image>` gets text: before the template runs, every such spelling becomes a
/// character that is in none of the messages, and letters again when ids are made. So each of the
/// tokens that a rendering spells was put there by the template, for an image.
struct ImageMarks {
    let token: ImageToken
    let form: ContentForm
    /// What stands in a rendering for the spelling by a user.
    private let disguise: String

    /// - Parameter messages: All of a conversation: its parts must agree on the disguise.
    init(_ token: ImageToken, _ form: ContentForm, _ messages: [Message]) {
        self.token = token
        self.form = form
        // Noncharacters, which text does not have; if all are there, the last is as good.
        let candidates = (0xFDD0...0xFDEF as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init)
        let isUnused = { (scalar: Unicode.Scalar) in
            !messages.contains { $0.content.unicodeScalars.contains(scalar) }
        }
        let last = candidates.last ?? "\u{FFFD}"
        disguise = String(Character(candidates.first(where: isUnused) ?? last))
    }

    /// The messages with disguised spellings.
    func disguised(_ messages: [Message]) -> [Message] {
        messages.map { message in
            Message(role: disguised(message.role), content: disguised(message.content))
        }
    }

    /// The rendering with what users wrote.
    func restored(_ rendering: String) -> String {
        TemplateText.replace(rendering, disguise, token.text, limit: .max)
    }

    /// Pieces of a rendering between which images stand, one each.
    func pieces(_ rendering: String) -> [String] {
        let mark = form == .parts ? token.text : String(ImageReference.placeholder)
        return TemplateText.split(rendering, by: mark, limit: .max).map(restored)
    }

    /// How many images the messages have.
    static func count(in messages: [Message]) -> Int {
        let place = ImageReference.placeholder.unicodeScalars.first
        return messages.reduce(0) { $0 + $1.content.unicodeScalars.count { $0 == place } }
    }

    private func disguised(_ text: String) -> String {
        TemplateText.replace(text, token.text, disguise, limit: .max)
    }
}
