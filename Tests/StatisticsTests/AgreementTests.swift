import Statistics
import Testing

struct AgreementTests {
    // Yes-yes 20, yes-no 5, no-yes 10, no-no 15 of 50: agreement 35/50 = 0.7, by chance
    // (25 * 30 + 25 * 20) / 2500 = 0.5; kappa = 0.2 / 0.5.
    @Test func cohenByHand() {
        let first = Array(repeating: 1, count: 25) + Array(repeating: 0, count: 25)
        let second =
            Array(repeating: 1, count: 20) + Array(repeating: 0, count: 5)
            + Array(repeating: 1, count: 10) + Array(repeating: 0, count: 15)
        #expect(isClose(CohenKappa(first: first, second: second).value, 0.4))
    }

    // Ratings 1, 2, 3 against 1, 2, 1: the only disagreement is 3 against 1, by 2. All nine pairs
    // of one rating of each differ by 8 in sum, by 12 squared, and 6 are unequal; by chance a third
    // of that. Unweighted 1 - 1 / 2, linear 1 - 2 / (8/3), quadratic 1 - 4 / 4.
    @Test(arguments: [
        (CohenKappa.Weighting.unweighted, 0.5), (.linear, 0.25), (.quadratic, 0),
    ])
    func weightedByHand(weighting: CohenKappa.Weighting, kappa: Double) {
        let value = CohenKappa(first: [1, 2, 3], second: [1, 2, 1], weighting: weighting).value
        #expect(isClose(value, kappa))
    }

    @Test func cohenAgreesWithScikitLearn() throws {
        for reference in try AgreementReference.load().cohen {
            let kappa = { (weighting: CohenKappa.Weighting) in
                CohenKappa(
                    first: reference.first, second: reference.second, weighting: weighting)
            }
            #expect(isClose(kappa(.unweighted).value, reference.unweighted))
            #expect(isClose(kappa(.linear).value, reference.linear))
            #expect(isClose(kappa(.quadratic).value, reference.quadratic))
            let interval = kappa(.quadratic).bootstrapInterval(resamples: 10_000, seed: 1)
            #expect(agree(interval, reference.quadraticInterval))
        }
    }

    // Three ratings an item: {1, 1, 2} has one agreeing pair of three, {2, 2, 2} all: mean 2/3.
    // Shares of categories 1/3 and 2/3: chance 5/9. (2/3 - 5/9) / (4/9) = 1/4.
    @Test func fleissByHand() throws {
        let kappa = try #require(FleissKappa(ratings: [[1, 1, 2], [2, 2, 2]]))
        #expect(isClose(kappa.value, 0.25))
        #expect(kappa.raters == 3 && kappa.count == 2)
    }

    @Test func fleissAgreesWithStatsmodels() throws {
        for reference in try AgreementReference.load().fleiss {
            let kappa = try #require(FleissKappa(ratings: reference.ratings))
            #expect(isClose(kappa.value, reference.kappa))
            let interval = kappa.bootstrapInterval(resamples: 10_000, seed: 1)
            #expect(agree(interval, reference.interval))
        }
    }

    @Test func fleissNeedsEqualNumbers() {
        #expect(FleissKappa(ratings: [[1, 2], [1, 2, 3]]) == nil)
        #expect(FleissKappa(ratings: [[1], [2]]) == nil)
    }

    // {1, 2} and {1, 1}: 2 ordered pairs differ in items; of all ratings 1, 1, 1, 2 there are
    // 2 * 3 * 1 = 6; alpha = 1 - 3 * 2 / 6.
    @Test func nominalByHand() {
        let alpha = KrippendorffAlpha(ratings: [[1, 2], [1, 1]], metric: .nominal)
        #expect(isClose(alpha.value, 0))
    }

    // {1, 1}, {2, 3}, {3, 3}: mid-ranks (less a half) of 1, 2, 3 are 1, 2.5, 4.5. In items
    // 2 * 2^2 = 8; of all ratings 2 * (2 * 1 * 1.5^2 + 2 * 3 * 3.5^2 + 1 * 3 * 2^2) = 180;
    // alpha = 1 - 5 * 8 / 180 = 7/9. The lone rating and the empty row change nothing.
    @Test func ordinalByHand() {
        let alpha = KrippendorffAlpha(
            ratings: [[1, nil, 1], [2, 3, nil], [nil, 3, 3], [nil, 1, nil], []],
            metric: .ordinal
        )
        #expect(isClose(alpha.value, 7.0 / 9))
        #expect(alpha.count == 3)
    }

    @Test func alphaAgreesWithKrippendorff() throws {
        for reference in try AgreementReference.load().krippendorff {
            let nominal = KrippendorffAlpha(ratings: reference.ratings, metric: .nominal)
            let ordinal = KrippendorffAlpha(ratings: reference.ratings, metric: .ordinal)
            #expect(isClose(nominal.value, reference.nominal))
            #expect(isClose(ordinal.value, reference.ordinal))
            #expect(ordinal.count == reference.paired)
            let interval = ordinal.bootstrapInterval(resamples: 10_000, seed: 1)
            #expect(agree(interval, reference.ordinalInterval))
        }
    }
}

struct DegenerateAgreementTests {
    @Test func oneCategoryHasNoKappa() throws {
        let cohen = CohenKappa(first: [2, 2, 2], second: [2, 2, 2], weighting: .linear)
        #expect(cohen.value == nil && cohen.bootstrapInterval() == nil)
        let fleiss = try #require(FleissKappa(ratings: [[2, 2], [2, 2]]))
        #expect(fleiss.value == nil && fleiss.bootstrapInterval() == nil)
        let alpha = KrippendorffAlpha(ratings: [[2, 2], [2, 2]], metric: .ordinal)
        #expect(alpha.value == nil && alpha.bootstrapInterval() == nil)
    }

    // One item with two ratings that differ: what is observed is all that there is to expect.
    @Test func singleItem() throws {
        let cohen = CohenKappa(first: [1], second: [2])
        #expect(cohen.value == 0 && cohen.bootstrapInterval() == nil)
        #expect(CohenKappa(first: [1], second: [1]).value == nil)
        // No pair of two agrees, and chance gives 1/2: -1.
        let fleiss = try #require(FleissKappa(ratings: [[1, 2]]))
        #expect(isClose(fleiss.value, -1) && fleiss.bootstrapInterval() == nil)
        let alpha = KrippendorffAlpha(ratings: [[1, 2]], metric: .nominal)
        #expect(alpha.value == 0 && alpha.bootstrapInterval() == nil)
    }

    @Test func nothingRated() throws {
        let cohen = CohenKappa(first: [], second: [])
        #expect(cohen.value == nil && cohen.bootstrapInterval() == nil && cohen.count == 0)
        let fleiss = try #require(FleissKappa(ratings: []))
        #expect(fleiss.value == nil && fleiss.bootstrapInterval() == nil && fleiss.raters == 0)
        for ratings in [[], [[]], [[1, nil], [nil, 2]]] as [[[Int?]]] {
            let alpha = KrippendorffAlpha(ratings: ratings, metric: .ordinal)
            #expect(alpha.value == nil && alpha.bootstrapInterval() == nil && alpha.count == 0)
        }
    }

    // Half of the resamples of two items draw one item twice. {1, 1} twice has no kappa and is
    // left out; what remains is 1 throughout.
    @Test func undefinedResamplesAreLeftOut() {
        let kappa = CohenKappa(first: [1, 2], second: [1, 2])
        #expect(kappa.value == 1)
        #expect(kappa.bootstrapInterval() == Interval(lower: 1, upper: 1))
    }

    @Test func theSeedDecides() {
        let first = [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]
        let second = [1, 2, 3, 3, 2, 2, 1, 4, 1, 3, 3, 4]
        let kappa = CohenKappa(first: first, second: second, weighting: .quadratic)
        let interval = kappa.bootstrapInterval(resamples: 200, seed: 3)
        #expect(interval == kappa.bootstrapInterval(resamples: 200, seed: 3))
        #expect(interval != kappa.bootstrapInterval(resamples: 200, seed: 4))
    }
}
