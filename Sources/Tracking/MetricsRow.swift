import Foundation
import Recipes
import Records

/// What was measured at one optimizer step.
public struct MetricsRow: Sendable, Hashable {
    /// Optimizer steps done.
    public var step: Int
    /// Passes over the training data done.
    public var epoch: Double
    /// When it was measured, in seconds since 1970.
    public var time: Double
    /// Measurements by name, as `loss` or `eval_loss`; none may be called as a property of the row.
    public var values: [String: Double]

    public init(
        step: Int,
        epoch: Double,
        time: Double = Date().timeIntervalSince1970,
        values: [String: Double]
    ) {
        self.step = step
        self.epoch = epoch
        self.time = time
        self.values = values
    }
}

extension MetricsRow {
    private static let nonFiniteKey = "non_finite"
    private static let ownKeys: Set = [
        MetricName.step, MetricName.epoch, MetricName.time, nonFiniteKey,
    ]

    /// The row as one JSON object without a line break: its own properties, then the values by
    /// name.
    ///
    /// JSON has no infinities and no NaN. Such a value is null, and an object `non_finite` at the
    /// end says which it was, so that nothing is lost.
    var json: String {
        precondition(Self.ownKeys.isDisjoint(with: values.keys), "a metric with a reserved name")
        var members = [
            (MetricName.step, "\(step)"), (MetricName.epoch, jsonNumber(epoch)),
            (MetricName.time, jsonNumber(time)),
        ]
        let named = values.sorted { $0.key < $1.key }
        members += named.map { ($0.key, jsonNumber($0.value)) }
        let odd = named.filter { !$0.value.isFinite }
        if !odd.isEmpty {
            members.append((Self.nonFiniteKey, jsonObject(odd.map { ($0.key, "\"\($0.value)\"") })))
        }
        return jsonObject(members)
    }

    /// The row of a JSON object; nil unless it has a step, an epoch and a time.
    init?(_ json: JSONValue) {
        guard let members = json.object, let step = json[MetricName.step]?.integer,
            let epoch = json[MetricName.epoch]?.number, let time = json[MetricName.time]?.number
        else { return nil }
        var values = members.compactMapValues(\.number)
        for (name, text) in json[Self.nonFiniteKey]?.object ?? [:] {
            values[name] = text.string.flatMap(Double.init)
        }
        let named = values.filter { !Self.ownKeys.contains($0.key) }
        self.init(step: step, epoch: epoch, time: time, values: named)
    }
}

/// A number in the fewest digits that give it back, whole ones without a fraction.
private func jsonNumber(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    return abs(value) < 0x1p53 && value == value.rounded() ? "\(Int(value))" : "\(value)"
}

private func jsonObject(_ members: [(key: String, value: String)]) -> String {
    "{" + members.map { "\(jsonString($0.key)):\($0.value)" }.joined(separator: ",") + "}"
}

private func jsonString(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": result += "\\\(scalar)"
        case "\u{0}"..<"\u{20}":
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
