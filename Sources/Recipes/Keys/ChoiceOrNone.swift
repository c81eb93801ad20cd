/// One of a few words, or empty for none.
public struct ChoiceOrNone<Choice: SettingChoice>: SettingValue {
    /// nil for none.
    public var value: Choice?

    public init(_ value: Choice? = nil) { self.value = value }

    /// As a file writes it.
    public var word: String { value?.rawValue ?? "" }

    public static var keyType: KeyType { .choice([""] + Choice.allCases.map(\.rawValue)) }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        value =
            try container.decode(String.self).isEmpty ? nil : try container.decode(Choice.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(word)
    }
}
