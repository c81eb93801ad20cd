import Answers
import Records

extension AnswerOptions {
    private static let alphabet = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map {
        String(UnicodeScalar($0))
    }

    /// The options of a column; none when it has another shape.
    static func listed(_ column: JSONValue) -> [AnswerOption] {
        if let texts = column.object {
            return texts.sorted { $0.key < $1.key }.compactMap { label, text in
                text.string.map { AnswerOption(label: label.trimmed, text: $0.trimmed) }
            }
        }
        let list = column.array ?? []
        return zip(alphabet, list).compactMap { letter, item in
            guard let text = item.string ?? item["text"]?.string else { return nil }
            let label = item["letter"]?.string ?? item["label"]?.string ?? letter
            return AnswerOption(label: label.trimmed, text: text.trimmed)
        }
    }

    /// A to E, or as far as this letter; none when it is not a capital letter.
    static func letters(upTo letter: String) -> [AnswerOption] {
        guard let place = alphabet.firstIndex(of: letter) else { return [] }
        return alphabet[...max(4, place)].map { AnswerOption(label: $0, text: "") }
    }
}
