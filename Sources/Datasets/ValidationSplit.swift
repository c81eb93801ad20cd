import Randomness

/// How many records are held out.
public enum ValidationSize: Sendable, Hashable {
    /// Between 0 and 1, rounded to the nearest number of records, at least one.
    case fraction(Double)
    /// A number of records, positive.
    case count(Int)

    fileprivate func count(of records: Int) throws(SplitError) -> Int {
        switch self {
        case .count(let count):
            guard count > 0 else { throw .notPositive }
            return count
        case .fraction(let fraction):
            guard fraction > 0, fraction < 1 else { throw .notAFraction }
            return max(1, Int((fraction * Double(records)).rounded()))
        }
    }
}

/// Why a validation split cannot be made.
public enum SplitError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Not above 0 and below 1.
    case notAFraction
    /// A count below 1.
    case notPositive
    /// All records, or none there were, would be held out.
    case nothingLeft(records: Int)

    /// The reason, for a person.
    public var description: String {
        switch self {
        case .notAFraction: "the validation fraction is not between 0 and 1"
        case .notPositive: "the number of validation records is not positive"
        case .nothingLeft(let records):
            "of \(records) records the validation split leaves none to train on"
        }
    }
}

/// Training and validation examples.
///
/// Which side an example is on depends on the seed and on its identity (id, or content where
/// there is no id; the prompt, where there are answers to compare), not on its place: sorting or
/// shuffling the file changes nothing. Examples of one identity stay together, so that nothing
/// trained on is validated on; the held-out part may be larger by such repetitions. Both parts
/// keep the order of the file.
public struct ValidationSplit<Example: TokenizedRecord>: Sendable, Hashable {
    /// What is trained on, in the order of the file.
    public let training: [Example]
    /// What is held out, in the order of the file.
    public let validation: [Example]

    /// - Throws: `SplitError` when the size makes no sense or nothing would be left to train on.
    public init(
        _ examples: [Example],
        size: ValidationSize,
        seed: UInt64
    ) throws(SplitError) {
        let wanted = try size.count(of: examples.count)
        let keys = examples.map { Self.key($0.identity, seed: seed) }
        let counts = keys.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        var (held, taken): (Set<UInt64>, Int) = ([], 0)
        for (key, count) in counts.sorted(by: { $0.key < $1.key }) where taken < wanted {
            held.insert(key)
            taken += count
        }
        guard taken < examples.count else { throw .nothingLeft(records: examples.count) }
        training = zip(examples, keys).filter { !held.contains($1) }.map(\.0)
        validation = zip(examples, keys).filter { held.contains($1) }.map(\.0)
    }

    private static func key(_ identity: UInt64, seed: UInt64) -> UInt64 {
        var stream = RandomStream(seed: seed, key: identity)
        return stream.next()
    }
}
