import Records

/// Reads a case from the columns of a record, by the names that question sets use.
///
/// - `question`;
/// - `options`: a list of texts, a list of objects with `letter` (or `label`, `key`) and `text`
///   (or `value`), or an object of texts by letter; or columns `A` to `H`; or nothing;
/// - `answer`: an option's letter or text, or the answer of an open question;
/// - `image` or `image_name`, a name, or `images`, a list of names or a text of names parted by
///   semicolons; a column that only seems to hold images is an error;
/// - `diagnosis`, `synonyms` (a list, or a text parted by semicolons) and `id`, which may be
///   missing.
///
/// Other columns are left alone.
struct CaseColumns {
    let columns: [String: JSONValue]

    func draft() throws(FeedbackError) -> CaseDraft {
        CaseDraft(
            id: try identifier(), question: try required("question"), images: try images(),
            options: try options(), answer: try required("answer"),
            diagnosis: try text("diagnosis"), synonyms: try texts("synonyms"))
    }

    private func required(_ name: String) throws(FeedbackError) -> String {
        guard let text = try text(name) else { throw .invalid(field: name, reason: "is missing") }
        return text
    }

    private func text(_ name: String) throws(FeedbackError) -> String? {
        switch columns[name] {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw .invalid(field: name, reason: "is not text")
        }
    }

    private func identifier() throws(FeedbackError) -> String? {
        if let number = columns["id"]?.integer { return String(number) }
        let id = try text("id")?.trimmed
        return id == "" ? nil : id
    }

    private func options() throws(FeedbackError) -> [CaseOption] {
        switch columns["options"] {
        case nil, .null, .string(""): return try letterColumns()
        case .array(let values):
            var options: [CaseOption] = []
            for (value, letter) in zip(values, Self.letters) {
                options.append(try Self.option(value, letter))
            }
            guard options.count == values.count else {
                throw .invalid(field: "options", reason: "must be 2 to 8, or none")
            }
            return options
        case .object(let values):
            var options: [CaseOption] = []
            for (letter, value) in values.sorted(by: { $0.key < $1.key }) {
                options.append(try Self.option(value, letter))
            }
            return options
        default: throw .invalid(field: "options", reason: "is neither a list nor an object")
        }
    }

    private func letterColumns() throws(FeedbackError) -> [CaseOption] {
        var options: [CaseOption] = []
        for letter in Self.letters {
            guard let text = try text(letter), !text.trimmed.isEmpty else { continue }
            options.append(CaseOption(letter: letter, text: text))
        }
        return options
    }

    private func images() throws(FeedbackError) -> [String] {
        let one = try text("image").map { [$0] } ?? []
        var names = (one + (try texts("images"))).map(\.trimmed).filter { !$0.isEmpty }
        if names.isEmpty { names = [try text("image_name")?.trimmed ?? ""].filter { !$0.isEmpty } }
        if names.isEmpty, let column = ImageColumns.unread(in: columns) {
            let read = ImageColumns.read.joined(separator: ", ")
            throw .invalid(
                field: column,
                reason: "seems to hold images and is not read; those that are: \(read)")
        }
        guard !names.contains(where: \.isEncodedImage) else {
            throw .invalid(
                field: "image", reason: "is written out in letters: give the file beside the rows")
        }
        return names
    }

    private func texts(_ name: String) throws(FeedbackError) -> [String] {
        switch columns[name] {
        case nil, .null: return []
        case .string(let text): return text.split(separator: ";").map { String($0).trimmed }
        case .array(let values):
            let texts = values.compactMap(\.string)
            if texts.count == values.count { return texts }
            fallthrough
        default: throw .invalid(field: name, reason: "is not a list of texts")
        }
    }

    private static let letters = ["A", "B", "C", "D", "E", "F", "G", "H"]

    private static func option(
        _ value: JSONValue, _ letter: String
    ) throws(FeedbackError) -> CaseOption {
        if let text = value.string { return CaseOption(letter: letter, text: text) }
        let own = ["letter", "label", "key"].lazy.compactMap { value[$0]?.string }.first
        guard let text = ["text", "value"].lazy.compactMap({ value[$0]?.string }).first else {
            throw .invalid(field: "options", reason: "one has no text")
        }
        return CaseOption(letter: own ?? letter, text: text)
    }
}
