/// Rules for texts and numbers that come from outside.
enum FieldCheck {
    /// The text without blank ends.
    ///
    /// - Parameter limit: The most UTF-8 bytes.
    /// - Throws: `FeedbackError.invalid` where it is empty or too long or has a NUL, at which
    ///   SQLite would end it.
    static func text(
        _ text: String, _ field: String, limit: Int = 32_768
    ) throws(FeedbackError) -> String {
        let trimmed = text.trimmed
        if trimmed.isEmpty { throw .invalid(field: field, reason: "is empty") }
        return try optionalText(trimmed, field, limit: limit)
    }

    /// The text as it is, which may be empty.
    static func optionalText(
        _ text: String, _ field: String, limit: Int = 32_768
    ) throws(FeedbackError) -> String {
        if text.utf8.count > limit {
            throw .invalid(field: field, reason: "is longer than \(limit) bytes")
        }
        if text.utf8.contains(0) { throw .invalid(field: field, reason: "has a NUL character") }
        return text
    }

    /// - Throws: `FeedbackError.invalid` where the number is outside, or not one.
    static func number<Number: Comparable>(
        _ number: Number, _ field: String, in range: ClosedRange<Number>
    ) throws(FeedbackError) {
        guard range.contains(number) else {
            let limits = "from \(range.lowerBound) to \(range.upperBound)"
            throw .invalid(field: field, reason: "must be \(limits)")
        }
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
