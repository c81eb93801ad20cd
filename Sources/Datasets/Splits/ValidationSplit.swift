/// How many records are held out.
public enum ValidationSize: Sendable, Hashable {
    /// Between 0 and 1, rounded to the nearest number of records, at least one.
    case fraction(Double)
    /// A number of records, positive.
    case count(Int)

    func count(of records: Int) throws(SplitError) -> Int {
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
    /// A record lacks the column that records are parted by.
    case noColumn(String, file: String, line: Int)
    /// More folds than groups of records, or fewer than two.
    case folds(Int, groups: Int)

    /// The reason, for a person.
    public var description: String {
        switch self {
        case .notAFraction: "the validation fraction is not between 0 and 1"
        case .notPositive: "the number of validation records is not positive"
        case .nothingLeft(let records):
            "of \(records) records the split leaves none to train on"
        case .noColumn(let column, let file, let line):
            "\(file):\(line): has no '\(column)' to part records by"
        case .folds(let count, let groups):
            "\(count) folds cannot be made of \(groups) groups of records"
        }
    }
}

/// Training and validation examples.
///
/// Which side an example is on depends on the seed and on its identity (id, or content where
/// there is no id; the prompt, where there are answers to compare), not on its place: sorting or
/// shuffling the file changes nothing. Examples of one identity stay together, so that nothing
/// trained on is validated on; the held-out part may be larger by such repetitions. Of examples
/// with images, the images are the identity: those that share one stay together, also through
/// others, and the same picture in two files is one. Groups join examples in the same way. Both
/// parts keep the order of the file.
public struct ValidationSplit<Example: TokenizedRecord>: Sendable, Hashable {
    /// What is trained on, in the order of the file.
    public let training: [Example]
    /// What is held out, in the order of the file.
    public let validation: [Example]
    /// Of each example of the file, whether it is held out.
    public let isHeldOut: [Bool]

    /// - Parameter groups: what examples that belong together have in common besides images, such
    ///   as a patient; nil for nothing.
    /// - Throws: `SplitError` when the size makes no sense or nothing would be left to train on.
    public init(
        _ examples: [Example],
        size: ValidationSize,
        seed: UInt64,
        groups: [UInt64]? = nil
    ) throws(SplitError) {
        let wanted = try size.count(of: examples.count)
        let keys = Self.keys(of: examples, groups)
        isHeldOut = try RecordGroups.heldOut(RecordGroups.keys(keys), wanted: wanted, seed: seed)
        training = zip(examples, isHeldOut).filter { !$1 }.map(\.0)
        validation = zip(examples, isHeldOut).filter { $1 }.map(\.0)
    }

    private static func keys(of examples: [Example], _ groups: [UInt64]?) -> [[UInt64]] {
        let images = ImageContent.keys(of: examples.flatMap { $0.images.map(\.reference) })
        return examples.enumerated().map { place, example in
            let shown = example.images.compactMap { images[$0.reference] }
            let own = shown + [groups?[place]].compactMap(\.self)
            return own.isEmpty ? [example.identity] : own
        }
    }
}
