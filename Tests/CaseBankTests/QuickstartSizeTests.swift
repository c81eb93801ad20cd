import Testing

@testable import CaseBank

struct QuickstartSizeTests {
    /// A fast machine gets the whole; a slower one what fits; none less than the least.
    @Test func fits() {
        let whole = QuickstartSize.whole
        let fast = QuickstartSize.fitting(epochs: 3, speed: 1e12)
        #expect(fast == whole)
        let needed = whole.minutes(epochs: 3, speed: 1e12) / QuickstartSize.patience * 1e12
        for share in [0.9, 0.7, 0.6] {
            let size = QuickstartSize.fitting(epochs: 3, speed: needed * share)
            #expect(size.trainCases < whole.trainCases && size.testCases < whole.testCases)
            #expect(size.minutes(epochs: 3, speed: needed * share) <= QuickstartSize.patience)
            #expect(size.trainCases % 8 == 0 && size.testCases % 10 == 0)
        }
        #expect(QuickstartSize.fitting(epochs: 3, speed: 1) == .least)
    }

    @Test func minutesGrowWithTheWorkAndShrinkWithTheSpeed() {
        let one = QuickstartSize(trainCases: 60, testCases: 0)
        #expect(one.minutes(epochs: 1, speed: 160e9) == 1)
        #expect(one.minutes(epochs: 3, speed: 320e9) == 1.5)
    }
}
