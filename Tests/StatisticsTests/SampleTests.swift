import Statistics
import Testing

struct SampleTests {
    @Test func agreesWithNumPyAndSciPy() throws {
        let samples = try Reference.load().samples
        for (level, expected) in zip(samples.levels, samples.quantiles) {
            #expect(isClose(quantile(of: samples.x, at: level), expected))
        }
        let estimate = try #require(MeanEstimate(samples.x))
        #expect(isClose(estimate.mean, samples.mean))
        #expect(isClose(estimate.standardError, samples.standardError))
        #expect(isClose(pearsonCorrelation(samples.x, samples.y), samples.pearson))
        #expect(isClose(spearmanCorrelation(samples.x, samples.y), samples.spearman))
    }

    @Test func mediansByHand() {
        #expect(median(of: [5, 1, 3]) == 3)
        #expect(median(of: [4, 1, 3, 2]) == 2.5)
        #expect(median(of: []) == nil)
    }

    @Test func singleValues() {
        #expect(MeanEstimate([]) == nil)
        #expect(MeanEstimate([4])?.standardError == 0)
        #expect(quantile(of: [4], at: 0.975) == 4)
    }

    @Test func correlationNeedsVariation() {
        #expect(pearsonCorrelation([1], [2]) == nil)
        #expect(pearsonCorrelation([1, 2], [3, 3]) == nil)
        // Monotone but not linear: ranks agree fully.
        #expect(isClose(spearmanCorrelation([1, 2, 3, 4], [1, 10, 100, 1000]), 1))
        #expect(isClose(pearsonCorrelation([1, 2, 3], [6, 4, 2]), -1))
    }

    // Bins (0.8, 0.9] with two answers, mean confidence 0.85 and accuracy 1/2: gap 0.35; and
    // (0.5, 0.6] with one right at 0.6: gap 0.4. Weighted: (2 * 0.35 + 0.4) / 3.
    @Test func calibrationByHand() {
        let error = expectedCalibrationError(
            confidences: [0.81, 0.89, 0.6],
            right: [true, false, true]
        )
        #expect(isClose(error, 1.1 / 3))
        #expect(expectedCalibrationError(confidences: [], right: []) == 0)
        #expect(expectedCalibrationError(confidences: [0, 1], right: [false, true]) == 0)
    }
}
