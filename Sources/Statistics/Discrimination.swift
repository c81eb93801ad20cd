/// What the probabilities that a system gives to classes are worth: how well they part the classes,
/// and whether they mean what they say.
///
/// Sources: area under the curve, Hanley and McNeil (1982), of several classes the mean of each
/// against the rest (scikit-learn's `multi_class="ovr"`, `average="macro"`); balanced accuracy,
/// Brodersen et al. (2010); Brier (1950), summed over the classes; calibration, see
/// ``expectedCalibrationError(confidences:right:)``.
public struct Discrimination: Sendable, Hashable {
    /// Each item's class, counted from 0.
    private let gold: [Int]
    /// Each item's probability of each class.
    private let probabilities: [[Double]]
    private let predicted: [Int]
    /// Of each class, the items by their probability of it, ties in one group.
    private let ranked: [[[Int]]]

    /// - Precondition: every item has a probability for each of `classes` classes, and its own
    ///   class is among them.
    public init(gold: [Int], probabilities: [[Double]], classes: Int) {
        precondition(gold.count == probabilities.count, "unequal numbers of items")
        precondition(probabilities.allSatisfy { $0.count == classes }, "a class without a number")
        precondition(gold.allSatisfy { (0..<classes).contains($0) }, "an unknown class")
        (self.gold, self.probabilities) = (gold, probabilities)
        predicted = probabilities.map { row in
            row.indices.max { (row[$0], $1) < (row[$1], $0) } ?? 0
        }
        ranked = (0..<classes).map { label in
            let order = gold.indices.sorted { probabilities[$0][label] < probabilities[$1][label] }
            return order.reduce(into: []) { groups, item in
                if let last = groups.last?.first,
                    probabilities[last][label] == probabilities[item][label]
                {
                    groups[groups.count - 1].append(item)
                } else {
                    groups.append([item])
                }
            }
        }
    }

    /// The mean of the classes' recalls, of classes that occur; nil without items.
    public var balancedAccuracy: Double? { balancedAccuracy(everyItemOnce) }

    /// The area under the curve; of more than two classes the mean of each against the rest. Nil
    /// where a class does not occur, or only one.
    public var area: Double? { area(everyItemOnce) }

    /// The mean squared distance to what is right, summed over classes; 0 without items.
    public var brier: Double {
        guard !gold.isEmpty else { return 0 }
        let sum = zip(gold, probabilities).reduce(0.0) { sum, item in
            item.1.enumerated().reduce(sum) {
                let miss = $1.element - ($1.offset == item.0 ? 1 : 0)
                return $0 + miss * miss
            }
        }
        return sum / Double(gold.count)
    }

    /// The expected calibration error of the likeliest class.
    public var calibrationError: Double {
        expectedCalibrationError(
            confidences: zip(probabilities, predicted).map { $0[$1] },
            right: zip(gold, predicted).map { $0 == $1 })
    }

    /// The 95 % percentile-bootstrap intervals of balanced accuracy and area; nil where there is no
    /// number.
    ///
    /// - Parameter clusters: what is resampled in the items' place.
    public func intervals(
        clusters: Clusters? = nil, resamples: Int = 10_000, seed: UInt64 = 0
    ) -> (balancedAccuracy: Interval?, area: Interval?) {
        func interval(_ statistic: ([Int]) -> Double?) -> Interval? {
            let counted = { (drawn: [Int]) -> Double? in
                var counts = [Int](repeating: 0, count: gold.count)
                for item in drawn { counts[item] += 1 }
                return statistic(counts)
            }
            guard let clusters else {
                return Statistics.bootstrapInterval(
                    itemCount: gold.count, resamples: resamples, seed: seed, statistic: counted)
            }
            return clusters.interval(resamples: resamples, seed: seed, statistic: counted)
        }
        return (interval(balancedAccuracy), interval(area))
    }

    private var everyItemOnce: [Int] { [Int](repeating: 1, count: gold.count) }

    private func balancedAccuracy(_ counts: [Int]) -> Double? {
        var (all, right) = ([Int](repeating: 0, count: ranked.count), [Int]())
        right = all
        for (item, count) in counts.enumerated() {
            all[gold[item]] += count
            if predicted[item] == gold[item] { right[gold[item]] += count }
        }
        let recalls = zip(right, all).filter { $1 > 0 }.map { Double($0) / Double($1) }
        return recalls.isEmpty ? nil : recalls.reduce(0, +) / Double(recalls.count)
    }

    private func area(_ counts: [Int]) -> Double? {
        // Of two classes, one against the other is the other against the one.
        let classes = ranked.count == 2 ? 1..<2 : 0..<ranked.count
        var sum = 0.0
        for label in classes {
            guard let area = area(of: label, counts) else { return nil }
            sum += area
        }
        return classes.isEmpty ? nil : sum / Double(classes.count)
    }

    /// Share of pairs of an item of the class and one of another in which it has the higher
    /// probability; ties count half.
    private func area(of label: Int, _ counts: [Int]) -> Double? {
        var (below, others, own, won) = (0.0, 0.0, 0.0, 0.0)
        for group in ranked[label] {
            var (inside, outside) = (0.0, 0.0)
            for item in group {
                if gold[item] == label {
                    inside += Double(counts[item])
                } else {
                    outside += Double(counts[item])
                }
            }
            won += inside * (below + outside / 2)
            below += outside
            others += outside
            own += inside
        }
        return own > 0 && others > 0 ? won / (own * others) : nil
    }
}
