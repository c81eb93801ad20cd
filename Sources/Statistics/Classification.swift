/// Gold labels against predicted ones, and the scores that follow.
///
/// A prediction of nil is an answer that could not be parsed: it is wrong, it belongs to no class,
/// and it makes none.
public struct Classification: Sendable, Hashable {
    /// Every label found in gold or prediction, in ascending order.
    public let labels: [String]
    /// One score for each of `labels`.
    public let classes: [ClassScore]
    /// The cells of the confusion matrix that are not zero, by gold then predicted label.
    public let confusion: [ConfusionCell]
    /// Right answers among all.
    public let accuracy: Proportion
    /// Answers that could not be parsed among all.
    public let unparsable: Proportion
    /// What answering the most frequent gold label to everything would score.
    public let majority: Majority

    /// Counts predictions of the same items in the same order; traps on unequal lengths.
    public init(gold: [String], predicted: [String?]) {
        precondition(gold.count == predicted.count, "\(gold.count) and \(predicted.count) labels")
        var cells: [Cell: Int] = [:]
        for (gold, predicted) in zip(gold, predicted) {
            cells[Cell(gold: gold, predicted: predicted), default: 0] += 1
        }
        let labels = Set(gold).union(predicted.compactMap(\.self)).sorted()
        self.labels = labels
        classes = Self.scores(of: labels, in: cells)
        confusion = cells.map { ConfusionCell($0.key, count: $0.value) }.sorted()
        accuracy = Proportion(
            successes: classes.reduce(0) { $0 + $1.truePositives },
            of: gold.count
        )
        unparsable = Proportion(predicted.lazy.map { $0 == nil })
        majority = Majority(classes: classes, count: gold.count)
    }

    /// The unweighted mean of the classes' F1, as scikit-learn's
    /// `f1_score(average="macro", zero_division=0)`; 0 without classes.
    public var macroF1: Double {
        classes.isEmpty ? 0 : classes.reduce(0) { $0 + $1.f1 } / Double(classes.count)
    }

    private static func scores(of labels: [String], in cells: [Cell: Int]) -> [ClassScore] {
        var right: [String: Int] = [:]
        var gold: [String: Int] = [:]
        var predicted: [String: Int] = [:]
        for (cell, count) in cells {
            gold[cell.gold, default: 0] += count
            guard let answer = cell.predicted else { continue }
            predicted[answer, default: 0] += count
            if answer == cell.gold { right[answer, default: 0] += count }
        }
        return labels.map { label in
            let hits = right[label] ?? 0
            return ClassScore(
                label: label,
                truePositives: hits,
                falsePositives: (predicted[label] ?? 0) - hits,
                falseNegatives: (gold[label] ?? 0) - hits
            )
        }
    }
}

struct Cell: Hashable {
    let gold: String
    let predicted: String?
}
