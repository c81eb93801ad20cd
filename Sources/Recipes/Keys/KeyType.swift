/// What a key's value is, and how its file writes it.
public enum KeyType: Sendable, Hashable {
    case text
    /// Text that names a file or folder; relative ones count from the recipe's folder.
    case path
    case integer
    case number
    case flag
    /// One of these words.
    case choice([String])
    case texts
    /// A list of some of these words.
    case choices([String])
    /// A list of mappings with keys of their own.
    case mappings
    /// A list of `{file, weight}`; relative paths count from the recipe's folder.
    case trainingFiles
    /// A list of rewards; relative paths of theirs count from the recipe's folder.
    case rewards
}

/// A type of a recipe's properties.
public protocol SettingValue: Codable, Sendable, Hashable {
    static var keyType: KeyType { get }
    /// The value where it is a number, which bounds are for.
    var asNumber: Double? { get }
}

extension SettingValue {
    public var asNumber: Double? { nil }
}

/// A type of a recipe's properties that has a few values, each with a word of its own.
public protocol SettingChoice: SettingValue, CaseIterable, RawRepresentable<String> {}

extension SettingChoice {
    public static var keyType: KeyType { .choice(allCases.map(\.rawValue)) }
}

extension String: SettingValue {
    public static var keyType: KeyType { .text }
}

extension Bool: SettingValue {
    public static var keyType: KeyType { .flag }
}

extension Int: SettingValue {
    public static var keyType: KeyType { .integer }
    public var asNumber: Double? { Double(self) }
}

extension UInt64: SettingValue {
    public static var keyType: KeyType { .integer }
    public var asNumber: Double? { Double(self) }
}

extension Double: SettingValue {
    public static var keyType: KeyType { .number }
    public var asNumber: Double? { self }
}
