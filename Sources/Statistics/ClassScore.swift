/// How well one label is told from the others; ratios with nothing below the line are 0.
public struct ClassScore: Codable, Sendable, Hashable {
    public let label: String
    public let truePositives: Int
    public let falsePositives: Int
    public let falseNegatives: Int

    public var precision: Double { ratio(truePositives, truePositives + falsePositives) }

    public var recall: Double { ratio(truePositives, truePositives + falseNegatives) }

    /// The harmonic mean of precision and recall.
    public var f1: Double {
        ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives)
    }

    /// How many items carry the label in truth.
    public var support: Int { truePositives + falseNegatives }

    private func ratio(_ part: Int, _ whole: Int) -> Double {
        whole == 0 ? 0 : Double(part) / Double(whole)
    }
}

/// How often a gold label met a predicted one.
public struct ConfusionCell: Codable, Sendable, Hashable, Comparable {
    public let gold: String
    /// Nil where the answer could not be parsed.
    public let predicted: String?
    public let count: Int

    init(_ cell: Cell, count: Int) {
        gold = cell.gold
        predicted = cell.predicted
        self.count = count
    }

    /// By gold label, then by predicted one, the unparsable first.
    public static func < (left: ConfusionCell, right: ConfusionCell) -> Bool {
        if left.gold != right.gold { return left.gold < right.gold }
        guard let other = right.predicted else { return false }
        return left.predicted.map { $0 < other } ?? true
    }
}

/// The most frequent gold label, and the accuracy of always answering it.
public struct Majority: Codable, Sendable, Hashable {
    /// Nil without items; the first in ascending order among equals.
    public let label: String?
    public let accuracy: Double

    init(classes: [ClassScore], count: Int) {
        var best: ClassScore?
        for candidate in classes where candidate.support > best?.support ?? 0 {
            best = candidate
        }
        label = best?.label
        accuracy = best.map { Double($0.support) / Double(count) } ?? 0
    }
}
