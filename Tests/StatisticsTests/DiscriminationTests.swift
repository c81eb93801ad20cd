import Statistics
import Testing

struct DiscriminationTests {
    @Test func agreesWithScikitLearn() throws {
        for wanted in try Reference.load().discriminations {
            let found = Discrimination(
                gold: wanted.gold, probabilities: wanted.probabilities,
                classes: wanted.probabilities[0].count)
            #expect(isClose(found.area, wanted.area))
            #expect(isClose(found.balancedAccuracy, wanted.balancedAccuracy))
            #expect(isClose(found.brier, wanted.brier))
        }
    }

    // Of the pairs (right, wrong) 0.9 > 0.4, 0.9 > 0.6, 0.5 > 0.4, 0.5 < 0.6: 3 of 4. Recalls
    // 1/2 of class 0, 1/2 of class 1 (0.5 is a tie, which the first class wins).
    @Test func byHand() {
        let found = Discrimination(
            gold: [1, 1, 0, 0], probabilities: [0.9, 0.5, 0.4, 0.6].map { [1 - $0, $0] },
            classes: 2)
        #expect(isClose(found.area, 0.75) && isClose(found.balancedAccuracy, 0.5))
        // 2 (0.1^2 + 0.5^2 + 0.4^2 + 0.6^2) / 4
        #expect(isClose(found.brier, 0.39))
    }

    @Test func tiesCountHalfAndOneClassHasNoArea() {
        let same = Discrimination(
            gold: [0, 1, 1], probabilities: [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]], classes: 2)
        #expect(same.area == 0.5)
        let alone = Discrimination(gold: [1, 1], probabilities: [[0, 1], [1, 0]], classes: 2)
        #expect(alone.area == nil && alone.balancedAccuracy == 0.5)
        let empty = Discrimination(gold: [], probabilities: [], classes: 2)
        #expect(empty.area == nil && empty.balancedAccuracy == nil && empty.brier == 0)
    }

    /// Intervals hold the value, and are wider where what is resampled is fewer.
    @Test func intervalsResampleClusters() throws {
        let items = 0..<60
        let gold = items.map { $0 % 2 }
        let shares = items.map { 0.5 + ($0 % 2 == 0 ? -0.1 : 0.1) + Double($0 * 7 % 13 - 6) / 20 }
        let found = Discrimination(
            gold: gold, probabilities: shares.map { [1 - $0, $0] }, classes: 2)
        let (plain, area) = (found.intervals(resamples: 2000), try #require(found.area))
        let clustered = found.intervals(clusters: Clusters(items.map { $0 / 6 }), resamples: 2000)
        for interval in [plain.area, clustered.area] {
            let interval = try #require(interval)
            #expect(interval.lower < area && area < interval.upper)
        }
        #expect(plain.balancedAccuracy != clustered.balancedAccuracy)
    }
}

struct LogisticRegressionTests {
    @Test func agreesWithScikitLearn() throws {
        for wanted in try Reference.load().regressions {
            let found = LogisticRegression(
                features: wanted.features, labels: wanted.labels,
                classes: wanted.logProbabilities[0].count, penalty: wanted.penalty)
            for (row, expected) in zip(wanted.asked, wanted.logProbabilities) {
                let values = found.logProbabilities(row)
                for (value, other) in zip(values, expected) {
                    #expect(isClose(value, other, within: 1e-4))
                }
            }
        }
    }

    /// A feature that never varies, and classes that a line parts: nothing that is not finite.
    @Test func degenerateData() {
        let found = LogisticRegression(
            features: [[1, 0], [1, 1], [1, 2], [1, 3]], labels: [0, 0, 1, 1], classes: 2,
            penalty: 1e-6)
        let values = found.logProbabilities([1, 3])
        #expect(values.allSatisfy(\.isFinite) && values[1] > values[0])
    }
}
