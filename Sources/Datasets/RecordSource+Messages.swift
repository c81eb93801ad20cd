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

    /// Text, or a list of `{"type": "text", "text": ...}` parts, joined.
    private static func text(
        of content: JSONValue,
        column: String
    ) throws(RecordFault) -> String {
        if let text = content.string { return text }
        var joined = ""
        for part in content.array ?? [.null] {
            if part["type"]?.string == "image" { throw .hasImages }
            guard let text = part["text"]?.string else {
                throw .wrongShape(column: column, expected: "a list of turns whose content is text")
            }
            joined += text
        }
        return joined
    }
}
