import Records

/// What a kind of reward can be told in a recipe.
protocol RewardSettings: Sendable, Hashable {
    /// Reads its keys from a recipe.
    init(_ keys: inout SettingsReader) throws(SettingFault)
    /// All of its keys, defaults included.
    var values: [String: JSONValue] { get }
}

/// A key whose value cannot be used.
struct SettingFault: Error {
    let key: String
    let reason: String
}

/// Reads keys of a mapping and knows, at the end, which of them nobody asked for.
struct SettingsReader {
    private let values: [String: JSONValue]
    private var known: [String] = []

    init(_ values: [String: JSONValue]) { self.values = values }

    private mutating func value(_ key: String) -> JSONValue? {
        known.append(key)
        return values[key].flatMap { $0 == .null ? nil : $0 }
    }

    /// A text that is not empty; nil where the key is missing.
    mutating func text(_ key: String) throws(SettingFault) -> String? {
        guard let value = value(key) else { return nil }
        guard let text = value.string, !text.isEmpty else {
            throw SettingFault(key: key, reason: "must be text")
        }
        return text
    }

    mutating func bool(_ key: String, default preset: Bool) throws(SettingFault) -> Bool {
        guard let value = value(key) else { return preset }
        guard let bool = value.bool else {
            throw SettingFault(key: key, reason: "must be true or false")
        }
        return bool
    }

    mutating func number(_ key: String, default preset: Double) throws(SettingFault) -> Double {
        guard let value = value(key) else { return preset }
        guard let number = value.number, number.isFinite else {
            throw SettingFault(key: key, reason: "must be a number")
        }
        return number
    }

    /// - Parameter preset: nil for a key that is needed.
    mutating func integer(
        _ key: String, default preset: Int?, from least: Int
    ) throws(SettingFault) -> Int {
        let value = value(key).map(\.integer) ?? preset
        guard let value, value >= least else {
            throw SettingFault(key: key, reason: "must be a whole number, \(least) or more")
        }
        return value
    }

    /// One of an enumeration's raw values.
    ///
    /// - Parameter preset: nil for a key that is needed.
    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, default preset: Choice?
    ) throws(SettingFault) -> Choice {
        let value = value(key)
        if value == nil, let preset { return preset }
        guard let choice = value?.string.flatMap(Choice.init(rawValue:)) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw SettingFault(key: key, reason: "must be one of \(names)")
        }
        return choice
    }

    /// Texts that are not empty, one at least; nil where the key is missing.
    mutating func texts(_ key: String) throws(SettingFault) -> [String]? {
        guard let value = value(key) else { return nil }
        let texts = value.array?.compactMap(\.string).filter { !$0.isEmpty } ?? []
        guard !texts.isEmpty, texts.count == value.array?.count else {
            throw SettingFault(key: key, reason: "must be a list of texts; put numbers in quotes")
        }
        return texts
    }

    /// The names of tags, each once, of letters, digits, hyphens and underscores.
    mutating func tags(default preset: [String]) throws(SettingFault) -> [String] {
        guard let tags = try texts("tags") else { return preset }
        guard Set(tags).count == tags.count, tags.allSatisfy({ $0.utf8.allSatisfy(\.isNameByte) })
        else { throw SettingFault(key: "tags", reason: "must be different names without brackets") }
        return tags
    }

    /// - Throws: the first key that was not asked for, with the nearest that was.
    func finish() throws(SettingFault) {
        guard let key = values.keys.sorted().first(where: { !known.contains($0) }) else { return }
        let reason =
            "is no key of this reward; the nearest is '\(Spelling.nearest(to: key, in: known))'"
        throw SettingFault(key: key, reason: reason)
    }
}

extension UInt8 {
    /// What names of tags and rewards are made of: ASCII letters, digits, hyphen, underscore.
    var isNameByte: Bool {
        (48...57).contains(self) || (65...90).contains(self & 0xDF) || self == 45 || self == 95
    }
}
