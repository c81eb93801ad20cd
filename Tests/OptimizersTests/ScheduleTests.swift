import Optimizers
import Testing

/// Values of transformers' `get_constant_schedule_with_warmup`, `get_linear_schedule_with_warmup`
/// and `get_cosine_schedule_with_warmup`, worked by hand for a peak of 8.
struct ScheduleTests {
    private func rates(_ shape: Schedule.Shape, warmup: Int, total: Int, _ steps: Range<Int>)
        -> [Double]
    {
        let schedule = Schedule(shape, peak: 8, warmupSteps: warmup, totalSteps: total)
        return steps.map(schedule.rate(at:))
    }

    @Test(arguments: Schedule.Shape.allCases) func warmUp(shape: Schedule.Shape) {
        // 8 * step / 4
        #expect(rates(shape, warmup: 4, total: 10, 0..<5) == [0, 2, 4, 6, 8])
    }

    @Test func constant() {
        #expect(rates(.constant, warmup: 0, total: 3, 0..<5) == [8, 8, 8, 8, 8])
    }

    @Test func linear() {
        // 8 (6 - step) / (6 - 2), and never below 0
        #expect(rates(.linear, warmup: 2, total: 6, 2..<8) == [8, 6, 4, 2, 0, 0])
    }

    @Test func cosine() {
        // 4 (1 + cos(pi (step - 2) / 4)): cosines 1, 0.7071068, 0, -0.7071068, -1
        let expected = [8, 6.8284271, 4, 1.1715729, 0, 0]
        for (found, wanted) in zip(rates(.cosine, warmup: 2, total: 6, 2..<8), expected) {
            #expect(abs(found - wanted) < 1e-6)
        }
    }

    @Test(arguments: Schedule.Shape.allCases) func nothingButWarmUp(shape: Schedule.Shape) {
        #expect(rates(shape, warmup: 2, total: 2, 0..<3) == [0, 4, 8])
    }

    @Test(arguments: Schedule.Shape.allCases) func oneStep(shape: Schedule.Shape) {
        #expect(rates(shape, warmup: 0, total: 1, 0..<1) == [8])
    }
}
