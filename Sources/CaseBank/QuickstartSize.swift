import Foundation

/// How many cases a quickstart trains and tests on, so that it ends while somebody waits.
package struct QuickstartSize: Equatable {
    package var trainCases: Int
    package var testCases: Int

    package init(trainCases: Int, testCases: Int) {
        (self.trainCases, self.testCases) = (trainCases, testCases)
    }

    /// What the README's numbers were measured with.
    package static let whole = QuickstartSize(trainCases: 480, testCases: 200)
    /// Below this the gain would drown in its interval.
    package static let least = QuickstartSize(trainCases: 240, testCases: 100)
    /// Minutes that are aimed at.
    package static let patience = 12.0

    /// Minutes that it takes on a machine of this speed.
    ///
    /// - Parameters:
    ///   - epochs: passes over the training cases.
    ///   - speed: of products in the numbers that are used, operations a second (see
    ///     `Runtime.measuredSpeed`). Fitted to one run of SmolLM2-135M on two cores.
    package func minutes(epochs: Double, speed: Double) -> Double {
        // Operations a case, all passes of a step and both evaluations in them.
        let train = Double(trainCases) * epochs * 160e9
        let test = Double(testCases) * 240e9
        return (train + test) / speed / 60
    }

    /// The whole size where it fits, and less where it does not.
    package static func fitting(epochs: Double, speed: Double) -> QuickstartSize {
        let share = min(1, patience / whole.minutes(epochs: epochs, speed: speed))
        return QuickstartSize(
            trainCases: max(least.trainCases, Int(share * Double(whole.trainCases)) / 8 * 8),
            testCases: max(least.testCases, Int(share * Double(whole.testCases)) / 10 * 10))
    }
}
