import FileFormats
import Foundation
import Records

/// A `config.json`, or an object within one, with errors that name file and key.
struct ConfigurationFile {
    let path: String
    let values: JSONValue
    /// Where this object stands in the file, such as `text_config.`; empty at the top.
    private let place: String

    /// - Throws: ``FormatError`` when there is no such file or it holds no JSON.
    init(_ file: URL) throws(FormatError) {
        path = file.path
        place = ""
        values = try JSONDocument.read(file)
    }

    init(path: String, values: JSONValue, place: String = "") {
        self.path = path
        self.values = values
        self.place = place
    }

    /// The object under a key; nil when there is none.
    ///
    /// - Throws: ``FormatError`` when something else stands there.
    func object(_ key: String) throws(FormatError) -> ConfigurationFile? {
        guard let value = values[key], value != .null else { return nil }
        guard value.object != nil else { throw error(key, "is not an object") }
        return ConfigurationFile(path: path, values: value, place: "\(place)\(key).")
    }

    /// An object without keys, where the file has none.
    func empty(_ key: String) -> ConfigurationFile {
        ConfigurationFile(path: path, values: .object([:]), place: "\(place)\(key).")
    }

    /// The same place with other values.
    func replacing(_ values: JSONValue) -> ConfigurationFile {
        ConfigurationFile(path: path, values: values, place: place)
    }

    func has(_ key: String) -> Bool { values[key].map { $0 != .null } ?? false }

    func error(_ key: String, _ reason: String) -> FormatError {
        FormatError(file: path, item: place + key, reason: reason)
    }

    func integer(_ key: String, else fallback: Int? = nil) throws(FormatError) -> Int {
        switch values[key] {
        case nil, .null:
            guard let fallback else { throw error(key, "is missing") }
            return fallback
        case let value?:
            guard let integer = value.integer else { throw error(key, "is not a whole number") }
            return integer
        }
    }

    func number(_ key: String, else fallback: Double) throws(FormatError) -> Double {
        guard let value = values[key], value != .null else { return fallback }
        guard let number = value.number else { throw error(key, "is not a number") }
        return number
    }

    func flag(_ key: String, else fallback: Bool) throws(FormatError) -> Bool {
        guard let value = values[key], value != .null else { return fallback }
        guard let flag = value.bool else { throw error(key, "is not true or false") }
        return flag
    }

    func text(_ key: String, else fallback: String) throws(FormatError) -> String {
        guard let value = values[key], value != .null else { return fallback }
        guard let text = value.string else { throw error(key, "is not a text") }
        return text
    }

    /// A whole number or a list of them.
    func integers(_ key: String, else fallback: [Int]) throws(FormatError) -> [Int] {
        guard let value = values[key], value != .null else { return fallback }
        if let single = value.integer { return [single] }
        let numbers = value.array?.compactMap(\.integer) ?? []
        guard let list = value.array, numbers.count == list.count else {
            throw error(key, "is not a list of whole numbers")
        }
        return numbers
    }
}
