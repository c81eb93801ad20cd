import Statistics
import Testing

struct ControlledAccuracyTests {
    /// Ten items: the system has 0 to 7 right, one control 0 to 4, another 5 to 7 and 9.
    private let some = ControlledAccuracy(
        (0..<10).map { $0 < 8 },
        controls: [(0..<10).map { $0 < 5 }, (0..<10).map { [5, 6, 7, 9].contains($0) }])

    /// 8/10, 5/10, 4/10; the gain is over the better control: 8/10 - 5/10.
    @Test func sharesByHand() {
        #expect(some.count == 10 && some.accuracy == 0.8 && some.controls == [0.5, 0.4])
        #expect(abs((some.gain ?? 0) - 0.3) < 1e-12)
    }

    /// A control that is right on the same items leaves no gain in any resample; one that is right
    /// on half of them always leaves some, unless a resample is drawn from that half alone.
    @Test func pairingIsKept() throws {
        let outcomes = (0..<200).map { $0 % 2 == 0 }
        let same = ControlledAccuracy(outcomes, controls: [outcomes])
        #expect(same.gain == 0)
        #expect(same.bootstrapInterval(resamples: 200) == Interval(lower: 0, upper: 0))
        let half = ControlledAccuracy(outcomes, controls: [(0..<200).map { $0 % 4 == 0 }])
        let interval = try #require(half.bootstrapInterval(resamples: 2_000, seed: 4))
        #expect(abs((half.gain ?? 0) - 0.25) < 1e-12 && interval.lower > 0)
        // The gain is the share of items that only the system has right, k/n of a binomial k with
        // p = 1/4: sigma = sqrt(0.25 * 0.75 / 200) = 0.0306.
        #expect(abs(interval.lower - (0.25 - 1.96 * 0.0306)) < 0.012)
        #expect(abs(interval.upper - (0.25 + 1.96 * 0.0306)) < 0.012)
    }

    /// Two controls that are right half of the time, each on its own half, have 0.5 in truth, but
    /// the better of the two has more in every resample: the whole interval lies below the gain.
    @Test func theBestControlIsFoundInEachResample() throws {
        let all = ControlledAccuracy(
            (0..<100).map { _ in true },
            controls: [(0..<100).map { $0 < 50 }, (0..<100).map { $0 >= 50 }])
        #expect(all.gain == 0.5)
        let interval = try #require(all.bootstrapInterval(resamples: 2_000, seed: 1))
        #expect(interval.upper <= 0.5 && interval.lower < 0.45 && interval.lower > 0.3)
    }

    @Test func nothingToCompare() {
        #expect(ControlledAccuracy([true, false], controls: []).gain == nil)
        #expect(ControlledAccuracy([], controls: [[]]).gain == nil)
        #expect(ControlledAccuracy([], controls: [[]]).bootstrapInterval() == nil)
        let one = ControlledAccuracy([true], controls: [[false]])
        #expect(one.gain == 1 && one.bootstrapInterval() == Interval(lower: -1, upper: 1))
    }

    @Test func repeatable() {
        #expect(
            some.bootstrapInterval(resamples: 500, seed: 3)
                == some.bootstrapInterval(resamples: 500, seed: 3))
    }
}
