import Randomness

/// Two systems' right and wrong answers to the same items, as the four counts that matter.
public struct PairedOutcomes: Codable, Sendable, Hashable {
    public var bothRight: Int
    public var onlyFirstRight: Int
    public var onlySecondRight: Int
    public var bothWrong: Int

    public init(bothRight: Int, onlyFirstRight: Int, onlySecondRight: Int, bothWrong: Int) {
        self.bothRight = bothRight
        self.onlyFirstRight = onlyFirstRight
        self.onlySecondRight = onlySecondRight
        self.bothWrong = bothWrong
    }

    /// Counts the outcomes of the same items in the same order; traps on unequal lengths.
    public init(first: [Bool], second: [Bool]) {
        precondition(first.count == second.count, "\(first.count) and \(second.count) outcomes")
        self.init(bothRight: 0, onlyFirstRight: 0, onlySecondRight: 0, bothWrong: 0)
        for pair in zip(first, second) {
            switch pair {
            case (true, true): bothRight += 1
            case (true, false): onlyFirstRight += 1
            case (false, true): onlySecondRight += 1
            case (false, false): bothWrong += 1
            }
        }
    }

    public var count: Int { bothRight + discordant + bothWrong }

    /// The items that exactly one system has right.
    public var discordant: Int { onlyFirstRight + onlySecondRight }

    /// Accuracy of the second less accuracy of the first; 0 without items.
    public var difference: Double {
        count == 0 ? 0 : Double(onlySecondRight - onlyFirstRight) / Double(count)
    }

    /// The 95 % percentile-bootstrap interval of `difference`, resampling items and so keeping
    /// the pairing; [-1, 1] without items.
    ///
    /// A resample has M ~ Binomial(n, discordant/n) discordant items, of which
    /// Binomial(M, onlySecondRight/discordant) speak for the second system.
    public func bootstrapInterval(resamples: Int = 10_000, seed: UInt64 = 0) -> Interval {
        guard count > 0 else { return Interval(lower: -1, upper: 1) }
        let n = Double(count)
        let discordance = BinomialSampler(trials: count, probability: Double(discordant) / n)
        let share = Double(onlySecondRight) / Double(max(discordant, 1))
        var wins: [Int: BinomialSampler] = [:]
        var generator = RandomStream(seed: seed)
        let differences = (0..<resamples).map { _ in
            let drawn = discordance.draw(using: &generator)
            let sampler = wins[drawn] ?? BinomialSampler(trials: drawn, probability: share)
            wins[drawn] = sampler
            return Double(2 * sampler.draw(using: &generator) - drawn) / n
        }
        return percentileInterval(of: differences)
    }
}
