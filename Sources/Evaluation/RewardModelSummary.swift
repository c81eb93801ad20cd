import FileFormats
import Foundation
import Statistics

/// A held-out pair as a reward model scored it.
public struct ScoredPair: Sendable, Hashable, Codable {
    public let id: String
    public let chosen: Double
    public let rejected: Double
    /// Tokens of the answers, their ends included.
    public let chosenTokens: Int
    public let rejectedTokens: Int

    public init(
        id: String, chosen: Double, rejected: Double, chosenTokens: Int, rejectedTokens: Int
    ) {
        self.id = id
        (self.chosen, self.rejected) = (chosen, rejected)
        (self.chosenTokens, self.rejectedTokens) = (chosenTokens, rejectedTokens)
    }
}

/// What a reward model is worth on held-out pairs, beside chance and "the longer answer wins".
public struct RewardModelSummary: Sendable, Hashable, Codable {
    public let n: Int
    /// Share of pairs whose chosen answer scores higher; a tie is wrong.
    public let accuracy: Double
    /// The 95 % bootstrap interval of the accuracy.
    public let interval: Interval
    /// Share of pairs whose chosen answer is longer; a tie is wrong.
    public let longerWins: Double
    public let longerWinsInterval: Interval
    /// Share of pairs whose chosen answer is shorter; a tie is wrong.
    public let shorterWins: Double
    /// McNemar's exact test against the better of the two.
    public let mcnemarP: Double
    /// Expected calibration error of sigmoid(|margin|) as the confidence in the higher one.
    public let calibrationError: Double
    /// Pearson's correlation of score and length over all answers, with its 95 % interval by
    /// Fisher's transformation; nil where one of them does not vary.
    public let lengthCorrelation: Double?
    public let lengthCorrelationInterval: Interval?

    enum CodingKeys: String, CodingKey {
        case n, accuracy, interval
        case longerWins = "longer_wins"
        case longerWinsInterval = "longer_wins_interval"
        case shorterWins = "shorter_wins"
        case mcnemarP = "mcnemar_p"
        case calibrationError = "calibration_error"
        case lengthCorrelation = "length_correlation"
        case lengthCorrelationInterval = "length_correlation_interval"
    }

    public init(_ pairs: [ScoredPair], seed: UInt64) {
        let right = pairs.map { $0.chosen > $0.rejected }
        let longer = pairs.map { $0.chosenTokens > $0.rejectedTokens }
        let shorter = pairs.map { $0.chosenTokens < $0.rejectedTokens }
        let (own, long, short) = (Proportion(right), Proportion(longer), Proportion(shorter))
        n = pairs.count
        accuracy = own.value
        interval = own.bootstrapInterval(seed: seed)
        longerWins = long.value
        longerWinsInterval = long.bootstrapInterval(seed: seed)
        shorterWins = short.value
        let rival = long.value >= short.value ? longer : shorter
        mcnemarP = McNemar(PairedOutcomes(first: rival, second: right)).exactP
        calibrationError = expectedCalibrationError(
            confidences: pairs.map { 1 / (1 + exp(-abs($0.chosen - $0.rejected))) }, right: right)
        let scores = pairs.flatMap { [$0.chosen, $0.rejected] }
        let lengths = pairs.flatMap { [Double($0.chosenTokens), Double($0.rejectedTokens)] }
        lengthCorrelation = pearsonCorrelation(scores, lengths)
        lengthCorrelationInterval = lengthCorrelation.flatMap {
            fisherInterval($0, count: scores.count)
        }
    }

    /// For a person.
    public func table() -> String {
        var lines = [
            "reward model, \(n) held-out pairs",
            "accuracy           \(percent(accuracy)) (\(percentRange(interval)))",
            "the longer wins    \(percent(longerWins)) (\(percentRange(longerWinsInterval)))",
            "the shorter wins   \(percent(shorterWins))",
            "McNemar's exact test against the better of the two: \(probability(mcnemarP))",
            "calibration error  \(decimal(calibrationError, 3))",
        ]
        if let lengthCorrelation, let bounds = lengthCorrelationInterval {
            lines.append(
                "score and length   r = \(decimal(lengthCorrelation, 2)) "
                    + "(\(decimal(bounds.lower, 2)) to \(decimal(bounds.upper, 2)))")
        }
        return lines.joined(separator: "\n")
    }

    /// Writes `evaluation.json` and the rows it comes from.
    public func write(_ pairs: [ScoredPair], to folder: URL) throws(FormatError) {
        try JSONLines.write(pairs, to: folder.appending(path: "evaluation-pairs.jsonl"))
        try writeJSON(self, to: folder.appending(path: "evaluation.json"))
    }
}

/// The 95 % interval of a correlation (Fisher, 1921); nil with fewer than four pairs.
private func fisherInterval(_ r: Double, count: Int) -> Interval? {
    guard count > 3, abs(r) < 1 else { return nil }
    let (z, width) = (atanh(r), 1.959_963_984_540_054 / Double(count - 3).squareRoot())
    return Interval(lower: tanh(z - width), upper: tanh(z + width))
}
