import Records

/// The values of a processor's settings, each checked where it is read.
///
/// A value of null counts as missing, as in transformers.
struct ProcessorSettings {
    let object: [String: JSONValue]

    func value(_ key: String) -> JSONValue? {
        object[key].flatMap { $0 == .null ? nil : $0 }
    }

    func bool(_ key: String, default fallback: Bool) throws(ImageProblem) -> Bool {
        guard let value = value(key) else { return fallback }
        guard let flag = value.bool else { throw .setting(key: key, "neither true nor false") }
        return flag
    }

    /// A whole number above zero.
    func count(_ key: String) throws(ImageProblem) -> Int? {
        try value(key).map { value throws(ImageProblem) in try Self.count(value, key) }
    }

    func number(_ key: String) throws(ImageProblem) -> Double? {
        guard let value = value(key) else { return nil }
        guard let number = value.number, number.isFinite else {
            throw .setting(key: key, "not a number")
        }
        return number
    }

    /// One number for each of three channels, or one for all.
    func channels(_ key: String) throws(ImageProblem) -> [Double]? {
        guard let value = value(key) else { return nil }
        let numbers = value.number.map { [$0, $0, $0] } ?? (value.array ?? []).compactMap(\.number)
        guard numbers.count == 3, numbers.allSatisfy(\.isFinite) else {
            throw .setting(key: key, "not three numbers")
        }
        return numbers
    }

    /// An object of numbers by name.
    func counts(_ key: String) throws(ImageProblem) -> [String: Int]? {
        guard let object = value(key)?.object else { return nil }
        var counts: [String: Int] = [:]
        for (name, value) in object where value != .null {
            counts[name] = try Self.count(value, "\(key).\(name)")
        }
        return counts
    }

    /// Larger sides are a mistake, and their products would not fit in a number.
    private static let most = 1 << 30

    static func count(_ value: JSONValue, _ key: String) throws(ImageProblem) -> Int {
        guard let number = value.integer, (1...most).contains(number) else {
            throw .setting(key: key, "not a whole number from 1 to \(most)")
        }
        return number
    }
}
