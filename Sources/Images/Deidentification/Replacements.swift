/// What stands in copies in place of what. It leads back to patients.
package struct Replacements: Sendable, Equatable {
    package struct Pair: Codable, Sendable, Hashable {
        package let original: String
        package let replacement: String
    }

    /// Paths of originals, and the names of their copies.
    package private(set) var files: [Pair] = []
    /// Patients' ids; of a file without one its Study Instance UID.
    package private(set) var patients: Set<Pair> = []
    package private(set) var uids: Set<Pair> = []

    mutating func add(file original: String, copiedAs name: String, _ told: Told) {
        files.append(Pair(original: original, replacement: name))
        patients.formUnion(told.patients)
        uids.formUnion(told.uids)
    }

    /// What the worker tells of one file.
    struct Told: Sendable, Equatable, Decodable {
        var patients: [Pair] = []
        var uids: [Pair] = []

        init() {}

        private enum Key: String, CodingKey { case patients, uids }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            func pairs(_ key: Key) throws -> [Pair] {
                // Original and replacement in turn, the original in hexadecimal digits.
                let all = try container.decodeIfPresent([String].self, forKey: key) ?? []
                return stride(from: 0, to: all.count - 1, by: 2).map {
                    Pair(original: Self.text(ofDigits: all[$0]), replacement: all[$0 + 1])
                }
            }
            (patients, uids) = (try pairs(.patients), try pairs(.uids))
        }

        /// UTF-8, or where it is none, a character of Latin-1 a byte: nothing of it is lost.
        private static func text(ofDigits digits: String) -> String {
            let letters = Array(digits)
            let bytes = stride(from: 0, to: letters.count - 1, by: 2).compactMap {
                UInt8(String(letters[$0...$0 + 1]), radix: 16)
            }
            return String(validating: bytes, as: UTF8.self)
                ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        }
    }
}

extension Replacements: Codable {
    private enum Key: String, CodingKey { case files, patients, uids }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        files = try container.decode([Pair].self, forKey: .files)
        patients = try container.decode(Set<Pair>.self, forKey: .patients)
        uids = try container.decode(Set<Pair>.self, forKey: .uids)
    }

    /// In the order of the originals.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(files, forKey: .files)
        for (pairs, key) in [(patients, Key.patients), (uids, Key.uids)] {
            try container.encode(pairs.sorted { $0.original < $1.original }, forKey: key)
        }
    }
}
