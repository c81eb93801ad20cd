import Statistics
import Testing

struct PairedOutcomesTests {
    @Test func countsPairs() {
        let outcomes = PairedOutcomes(
            first: [true, true, false, false, false],
            second: [true, false, true, true, false]
        )
        let expected = PairedOutcomes(
            bothRight: 1,
            onlyFirstRight: 1,
            onlySecondRight: 2,
            bothWrong: 1
        )
        #expect(outcomes == expected)
        // 3/5 less 2/5.
        #expect(isClose(outcomes.difference, 0.2))
    }

    @Test func testsAgreeWithStatsmodels() throws {
        for pair in try Reference.load().pairs {
            let test = McNemar(outcomes(pair))
            // Relative too: the smallest p is 1e-12.
            #expect(isClose(test.exactP / pair.exact, 1))
            #expect(isClose(test.midP / pair.mid, 1))
            #expect(isClose(test.chiSquare, pair.chiSquare))
            #expect(isClose(test.chiSquareP / pair.chiSquareP, 1))
        }
    }

    // Of one discordant item: P(X <= 0) = 1/2, so exact p = 1 and mid-p = 1 - 1/2. Of five to
    // none: 2 * 1/32 = 0.0625, mid-p 0.03125, chi-square (5 - 1)^2 / 5 = 3.2.
    @Test func smallTablesByHand() {
        let one = McNemar(table(onlyFirst: 1, onlySecond: 0, count: 1))
        #expect(isClose(one.exactP, 1) && isClose(one.midP, 0.5) && one.chiSquare == 0)
        let five = McNemar(table(onlyFirst: 0, onlySecond: 5, count: 9))
        #expect(isClose(five.exactP, 0.0625) && isClose(five.midP, 0.03125))
        #expect(isClose(five.chiSquare, 3.2))
        let none = McNemar(table(onlyFirst: 0, onlySecond: 0, count: 9))
        #expect(none.exactP == 1 && none.midP == 1 && none.chiSquareP == 1)
    }

    // The reference holds exact quantiles of the mean of n draws of -1, 0 and 1; tolerance as for
    // proportions, with the variance (b + c - (c - b)^2 / n) / n^2 of a mean difference.
    @Test func bootstrapAgreesWithTheExactDistribution() throws {
        for pair in try Reference.load().pairs {
            let n = Double(pair.count)
            let (b, c) = (Double(pair.onlyFirst), Double(pair.onlySecond))
            let sigma = (b + c - (c - b) * (c - b) / n).squareRoot() / n
            let interval = outcomes(pair).bootstrapInterval(seed: 5)
            let tolerance = 4 * 0.0267 * sigma + 1 / n
            #expect(abs(interval.lower - pair.bootstrap[0]) <= tolerance)
            #expect(abs(interval.upper - pair.bootstrap[1]) <= tolerance)
        }
    }

    @Test func degenerateTables() {
        let empty = PairedOutcomes(first: [], second: [])
        #expect(empty.difference == 0)
        #expect(empty.bootstrapInterval() == Interval(lower: -1, upper: 1))
        let same = table(onlyFirst: 0, onlySecond: 0, count: 10)
        #expect(same.bootstrapInterval() == Interval(lower: 0, upper: 0))
        let all = table(onlyFirst: 0, onlySecond: 10, count: 10)
        #expect(all.bootstrapInterval() == Interval(lower: 1, upper: 1))
    }

    private func outcomes(_ pair: Reference.Pair) -> PairedOutcomes {
        table(onlyFirst: pair.onlyFirst, onlySecond: pair.onlySecond, count: pair.count)
    }

    private func table(onlyFirst: Int, onlySecond: Int, count: Int) -> PairedOutcomes {
        PairedOutcomes(
            bothRight: count - onlyFirst - onlySecond,
            onlyFirstRight: onlyFirst,
            onlySecondRight: onlySecond,
            bothWrong: 0
        )
    }
}
