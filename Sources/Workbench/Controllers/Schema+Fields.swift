import Web

extension Schema {
    /// The id of a row.
    static let id = Schema.integer(1...Int(Int32.max))

    /// A name of a person, a version or a draft.
    static let name = Schema.text(1...64)

    /// A short free text, such as a reason.
    static let note = Schema.text(0...4_000)

    /// A question, an answer, a prompt.
    static let passage = Schema.text(1...20_000)
}
