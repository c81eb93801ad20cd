import Statistics
import Testing

/// Intervals of items that come in clusters.
struct ClustersTests {
    /// 60 clusters, 30 of them right.
    private let outcomes = (0..<60).map { $0 % 2 == 0 }

    private func repeated<Value>(_ values: [Value], _ times: Int) -> [Value] {
        values.flatMap { Array(repeating: $0, count: times) }
    }

    /// Four copies of each item say no more than one: sigma = sqrt(0.25 / 60) = 0.0645, where 240
    /// independent items would have 0.0323.
    @Test func copiesSayNothing() {
        let clusters = Clusters(repeated(Array(0..<60), 4))
        #expect(clusters.count == 60)
        let copies = repeated(outcomes, 4)
        let interval = clusters.shareInterval(copies, seed: 1)
        #expect(abs(interval.lower - (0.5 - 1.96 * 0.0645)) < 0.01)
        #expect(abs(interval.upper - (0.5 + 1.96 * 0.0645)) < 0.01)
        let naive = Proportion(copies).bootstrapInterval(seed: 1)
        let ratio = (interval.upper - interval.lower) / (naive.upper - naive.lower)
        #expect(abs(ratio - 2) < 0.1, "\(ratio)")
    }

    /// The same draws of clusters as of the items themselves give the same numbers.
    @Test func differencesAndGainsOfCopies() throws {
        let clusters = Clusters(repeated(Array(0..<60), 3))
        let (one, other) = ((0..<60).map { $0 % 3 == 0 }, (0..<60).map { $0 % 4 == 0 })
        let single = ControlledAccuracy(outcomes, controls: [one, other])
        let copies = ControlledAccuracy(
            repeated(outcomes, 3), controls: [repeated(one, 3), repeated(other, 3)])
        #expect(
            copies.bootstrapInterval(clusters: clusters, resamples: 500, seed: 5)
                == single.bootstrapInterval(resamples: 500, seed: 5))
        let alone = Clusters((0..<60).map { Optional($0) })
        #expect(
            clusters.differenceInterval(
                first: repeated(one, 3), second: repeated(outcomes, 3), resamples: 500, seed: 5)
                == alone.differenceInterval(
                    first: one, second: outcomes, resamples: 500, seed: 5))
        let difference = alone.differenceInterval(first: one, second: outcomes, seed: 5)
        let binomial = PairedOutcomes(first: one, second: outcomes).bootstrapInterval(seed: 5)
        #expect(abs(difference.lower - binomial.lower) < 0.02)
        #expect(abs(difference.upper - binomial.upper) < 0.02)
    }

    /// Clusters of one and of nine items: what is resampled is the ratio of sums. 10 large right
    /// ones and 10 small wrong ones make 0.9, and a resample with k large ones 9k / (8k + 20).
    @Test func clustersOfUnequalSize() {
        let labels = (0..<20).flatMap { Array(repeating: $0, count: $0 < 10 ? 9 : 1) }
        let interval = Clusters(labels.map { Optional($0) }).shareInterval(
            labels.map { $0 < 10 }, seed: 2)
        // k of Binomial(20, 1/2) is 6 and 14 at 2.5 % and 97.5 %.
        #expect(abs(interval.lower - 54.0 / 68) < 0.03 && abs(interval.upper - 126.0 / 132) < 0.02)
    }

    /// Items without a label are alone; nothing shared is no clusters.
    @Test func labels() {
        #expect(Clusters.shared([nil, nil, 1, 2]) == nil)
        #expect(Clusters.shared([nil, 7, nil, 7])?.count == 3)
        #expect(Clusters.shared([Int?]()) == nil)
    }

    /// Where all agree the width is that of as many trials as clusters; one cluster says nothing.
    @Test func noSpread() {
        let clusters = Clusters(repeated([1, 2, 3, 4, 5].map { Optional($0) }, 10))
        for value in [true, false] {
            #expect(
                clusters.shareInterval(Array(repeating: value, count: 50))
                    == Proportion(successes: value ? 5 : 0, of: 5).wilsonInterval())
        }
        let one = Clusters([3, 3, 3])
        #expect(one.shareInterval([true, false, true]) == Interval(lower: 0, upper: 1))
        #expect(
            one.differenceInterval(first: [true, true, true], second: [true, false, true])
                == Interval(lower: -1, upper: 1))
        let gain = ControlledAccuracy([true, true, true], controls: [[false, false, true]])
        #expect(gain.bootstrapInterval(clusters: one) == Interval(lower: -1, upper: 1))
    }
}
