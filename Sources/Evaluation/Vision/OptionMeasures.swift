import Foundation
import Statistics

extension VisionSummary {
    /// What the options' likelihoods are worth, over questions that all offer the same options.
    public struct Options: Sendable, Hashable, Codable {
        /// Questions.
        public let n: Int
        /// The mean of the options' recalls, with its interval.
        public let balancedAccuracy: Double
        public let balancedInterval: Interval?
        /// The area under the curve, of more than two options the mean of each against the rest;
        /// nil where an option is never right.
        public let area: Double?
        public let areaInterval: Interval?
        /// The distance between confidence and accuracy over ten bins.
        public let calibrationError: Double
        /// The squared distance between probabilities and what is right, summed over the options.
        public let brier: Double

        enum CodingKeys: String, CodingKey {
            case n, brier
            case area = "auc"
            case areaInterval = "auc_interval"
            case balancedAccuracy = "balanced_accuracy"
            case balancedInterval = "balanced_accuracy_interval"
            case calibrationError = "calibration_error"
        }

        /// - Parameters:
        ///   - labels: those of the options that every question offers.
        ///   - clusters: what intervals resample in the questions' place.
        /// - Returns: nil where a question's options were not scored.
        init?(_ items: [ItemResult], labels: [String], _ clusters: Clusters?, seed: UInt64) {
            var (gold, probabilities): ([Int], [[Double]]) = ([], [])
            for item in items {
                guard let place = labels.firstIndex(of: item.gold),
                    let shares = item.optionShares(labels)
                else { return nil }
                gold.append(place)
                probabilities.append(shares)
            }
            let values = Discrimination(
                gold: gold, probabilities: probabilities, classes: labels.count)
            guard let balanced = values.balancedAccuracy else { return nil }
            let intervals = values.intervals(clusters: clusters, seed: seed)
            n = items.count
            (balancedAccuracy, balancedInterval) = (balanced, intervals.balancedAccuracy)
            (area, areaInterval) = (values.area, intervals.area)
            (calibrationError, brier) = (values.calibrationError, values.brier)
        }
    }
}

extension ItemResult {
    /// The options' probabilities among each other: the softmax of their log-likelihoods.
    func optionShares(_ labels: [String]) -> [Double]? {
        guard let scores else { return nil }
        let values = labels.compactMap { scores[$0] }
        guard values.count == labels.count, values.allSatisfy({ !$0.isNaN }),
            let largest = values.max(), largest.isFinite
        else { return nil }
        let powers = values.map { exp($0 - largest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}
