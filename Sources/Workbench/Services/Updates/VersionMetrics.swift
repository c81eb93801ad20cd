import Records
import Statistics

/// How a version and its parent do on what is held out.
package struct VersionMetrics: Codable, Sendable, Hashable {
    /// Share of held-out pairs whose preferred answer is the more probable one, a token.
    package var preferenceAccuracy: Change
    /// Share of held-out cases that greedy decoding answers rightly.
    package var caseAccuracy: Change

    /// One measure before and after the training, of the same items.
    package struct Change: Codable, Sendable, Hashable {
        /// Of the parent; nil without items.
        package var before: Double?
        /// Of the new version.
        package var after: Double?
        /// How many items there were.
        package var n: Int
        /// Items with images, which the model does not read; not among the others. Nil where an
        /// earlier workbench measured.
        package var leftOut: Int?
        /// The 95 % interval of `after` (Wilson).
        package var low: Double?
        package var high: Double?

        /// - Parameters: an outcome for each item, nil where the model could not be asked.
        init(before: [Bool?], after: [Bool?]) {
            let whole = after.count
            let (before, after) = (before.compactMap(\.self), after.compactMap(\.self))
            n = after.count
            leftOut = whole - n
            guard n > 0 else { return }
            let share = Proportion(after)
            let interval = share.wilsonInterval()
            self.before = Proportion(before).value
            self.after = share.value
            (low, high) = (interval.lower, interval.upper)
        }

        var isWorse: Bool {
            if let before, let after { after < before } else { false }
        }
    }

    /// Whether it may become current without a person: it was measured on something and is worse
    /// in nothing.
    package var isNotWorse: Bool {
        preferenceAccuracy.n + caseAccuracy.n > 0
            && !preferenceAccuracy.isWorse && !caseAccuracy.isWorse
    }

    var json: JSONValue {
        .object([
            "preferenceAccuracy": preferenceAccuracy.json, "caseAccuracy": caseAccuracy.json,
        ])
    }
}

extension VersionMetrics.Change {
    fileprivate var json: JSONValue {
        func number(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }
        return .object([
            "before": number(before), "after": number(after), "n": .integer(n),
            "leftOut": .integer(leftOut ?? 0), "low": number(low), "high": number(high),
        ])
    }
}
