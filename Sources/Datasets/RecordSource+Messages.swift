import Records

extension RecordSource {
    /// A list of turns, in either spelling: `{role, content}` or `{from, value}`.
    func messages(_ column: String) throws(RecordFault) -> [Message] {
        guard let turns = columns[column]?.array else {
            throw .wrongShape(column: column, expected: "a list of turns")
        }
        if turns.isEmpty { throw .empty(column: column) }
        var messages: [Message] = []
        messages.reserveCapacity(turns.count)
        for (index, turn) in turns.enumerated() {
            messages.append(try Self.message(turn, column: column, turn: index + 1))
        }
        return messages
    }

    /// ShareGPT and Alpaca files may keep the system prompt in a column of its own.
    func systemTurn() throws(RecordFault) -> [Message] {
        guard let system = columns["system"], system != .string("") else { return [] }
        return [Message(role: "system", content: try text("system"))]
    }

    /// Alpaca's words of the user: the instruction, a blank line and the input.
    func instruction() throws(RecordFault) -> String {
        if columns["history"] ?? .array([]) != .array([]) { throw .unreadColumn("history") }
        let instruction = try text("instruction")
        guard let input = columns["input"], input != .string("") else { return instruction }
        return instruction + "\n\n" + (try text("input"))
    }

    private static func message(
        _ turn: JSONValue,
        column: String,
        turn number: Int
    ) throws(RecordFault) -> Message {
        if let role = turn["role"]?.string, !role.isEmpty, let content = turn["content"] {
            return Message(role: role, content: try text(of: content, column: column))
        }
        if let speaker = turn["from"]?.string, let value = turn["value"] {
            guard let role = roles[speaker] else {
                throw .unknownSpeaker(column: column, turn: number)
            }
            return Message(role: role, content: try text(of: value, column: column))
        }
        throw .wrongShape(column: column, expected: "a list of {role, content} or {from, value}")
    }

    private static let roles = [
        "system": "system", "human": "user", "user": "user", "gpt": "assistant",
        "assistant": "assistant",
    ]

    /// Text, or a list of `{"type": "text", "text": ...}` parts, joined; an image part is a place.
    private static func text(
        of content: JSONValue,
        column: String
    ) throws(RecordFault) -> String {
        if let text = content.string { return try words(text, column) }
        var joined = ""
        for part in content.array ?? [.null] {
            if part.isImagePart {
                joined.append(ImageReference.placeholder)
                continue
            }
            guard let text = part["text"]?.string else {
                throw .wrongShape(column: column, expected: "a list of turns whose content is text")
            }
            joined += try words(text, column)
        }
        return joined
    }

    /// The letters of an image would be taught as words, and shown.
    private static func words(_ text: String, _ column: String) throws(RecordFault) -> String {
        if text.hasEncodedImage { throw .imageInText(column: column) }
        return text
    }
}
