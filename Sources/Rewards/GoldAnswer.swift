import Answers
import Records

/// The right answer as a record has it.
///
/// It may be a letter, a text, a number, or a whole model answer in tags such as
/// `<answer> C </answer>` or `<reasoning>...</reasoning><answer>C</answer>`, of which the answer's
/// part counts; a list of messages stands for the last one's content.
struct GoldAnswer {
    /// Columns looked at, in this order.
    static let columns = ["answer", "solution", "gold"]

    /// Without tags, and without white space around it.
    let text: String
    /// A number that may be an option's place.
    let integer: Int?

    /// Nil when the record has none of the columns, or nothing in them.
    init?(_ columns: [String: JSONValue], in names: [String] = Self.columns) {
        guard let value = names.lazy.compactMap({ columns[$0] }).first(where: { $0 != .null }),
            let written = Self.text(of: value)
        else { return nil }
        text = (TaggedText(written).last("answer") ?? written).trimmed
        integer = value.integer
        if text.isEmpty { return nil }
    }

    private static func text(of value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .integer(let number): String(number)
        case .number(let number): Int(exactly: number).map(String.init) ?? String(number)
        case .array(let messages): messages.last?["content"]?.string
        case .null, .bool, .object: nil
        }
    }
}
