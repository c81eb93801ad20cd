import Statistics

extension ArenaStanding {
    /// The results of duels; those that were not judged do not count.
    init(duels: [Duel]) {
        let judged = duels.filter { $0.outcome != nil }
        let groups = Dictionary(grouping: judged) {
            [min($0.leftVersion, $0.rightVersion), max($0.leftVersion, $0.rightVersion)]
        }
        pairs = groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .map { Pair(versions: $0.key, duels: $0.value) }
        strengths = Self.strengths(judged)
    }

    /// A duel in which neither answer was acceptable says nothing of the versions' order.
    private static func strengths(_ judged: [Duel]) -> [Strength] {
        let versions = Set(judged.flatMap { [$0.leftVersion, $0.rightVersion] }).sorted()
        let comparisons = judged.compactMap { duel -> PairedComparison? in
            guard let left = versions.firstIndex(of: duel.leftVersion),
                let right = versions.firstIndex(of: duel.rightVersion)
            else { return nil }
            switch duel.outcome {
            case .left: return PairedComparison(left, right, .first)
            case .right: return PairedComparison(left, right, .second)
            case .tie: return PairedComparison(left, right, .tie)
            case .neither, nil: return nil
            }
        }
        let model = BradleyTerry(count: versions.count, comparisons: comparisons)
        let intervals = model.bootstrapIntervals()
        return versions.enumerated().map { index, version in
            let interval = intervals.isEmpty ? nil : intervals[index]
            return Strength(
                version: version, score: model.scores[index], low: interval?.lower,
                high: interval?.upper)
        }
    }
}

extension ArenaStanding.Pair {
    fileprivate init(versions: [Int64], duels: [Duel]) {
        (a, b) = (versions[0], versions[1])
        let winners = duels.map(\.winner)
        let (wins, losses) = (
            winners.count { $0 == versions[0] }, winners.count { $0 == versions[1] }
        )
        let decided = Proportion(successes: wins, of: wins + losses)
        let interval = decided.wilsonInterval()
        (self.wins, self.losses) = (wins, losses)
        ties = duels.count { $0.outcome == .tie }
        neither = duels.count { $0.outcome == .neither }
        rate = decided.count == 0 ? nil : decided.value
        (low, high) = (interval.lower, interval.upper)
    }
}

extension Duel {
    fileprivate var winner: Int64? {
        switch outcome {
        case .left: leftVersion
        case .right: rightVersion
        case .tie, .neither, nil: nil
        }
    }
}
