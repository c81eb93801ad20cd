import Statistics
import Testing

struct ProportionTests {
    @Test func wilsonAgreesWithStatsmodels() throws {
        for share in try Reference.load().proportions {
            let interval = Proportion(successes: share.successes, of: share.count).wilsonInterval()
            #expect(isClose(interval.lower, share.wilson[0]))
            #expect(isClose(interval.upper, share.wilson[1]))
        }
    }

    // The bootstrapped share is k/n of a binomial k, so its exact quantiles are known. The
    // quantile of 10,000 draws has the standard error sqrt(0.025 * 0.975 / 10,000) / density,
    // and the density at a normal's 2.5 % quantile is 0.0584 / sigma: 0.0267 sigma. The
    // tolerance is 4 of these, and one step 1/n of the lattice.
    @Test func bootstrapAgreesWithTheBinomialQuantiles() throws {
        for share in try Reference.load().proportions {
            let proportion = Proportion(successes: share.successes, of: share.count)
            let interval = proportion.bootstrapInterval(seed: 3)
            let n = Double(share.count)
            let sigma = (proportion.value * (1 - proportion.value) / n).squareRoot()
            let tolerance = 4 * 0.0267 * sigma + 1 / n
            #expect(abs(interval.lower - share.bootstrap[0]) <= tolerance)
            #expect(abs(interval.upper - share.bootstrap[1]) <= tolerance)
        }
    }

    @Test func bootstrapIsRepeatableAndDependsOnItsSeed() {
        let proportion = Proportion(successes: 3_300, of: 5_000)
        #expect(
            proportion.bootstrapInterval(seed: 1) == proportion.bootstrapInterval(seed: 1)
        )
        let intervals = Set((0..<8).map { proportion.bootstrapInterval(seed: $0) })
        #expect(intervals.count > 1)
    }

    @Test func outcomesAreCounted() {
        let proportion = Proportion([true, false, true, true])
        #expect(proportion == Proportion(successes: 3, of: 4))
        #expect(proportion.value == 0.75)
    }

    @Test func nothingIsKnownWithoutTrials() {
        let proportion = Proportion([])
        #expect(proportion.value == 0)
        #expect(proportion.bootstrapInterval() == Interval(lower: 0, upper: 1))
        #expect(proportion.wilsonInterval() == Interval(lower: 0, upper: 1))
    }

    @Test func intervalHoldsItsEnds() {
        let interval = Interval(lower: -1, upper: 2)
        #expect([-1, 0, 2].allSatisfy(interval.contains))
        #expect(!interval.contains(2.001) && !interval.contains(-1.001))
    }
}
