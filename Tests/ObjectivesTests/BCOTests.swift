import Foundation
import Objectives
import Testing
import Torch
import TorchTestSupport

struct BCOTests {
    init() { startEngine() }

    private struct File: Decodable { let bco: [Case] }

    private struct Case: Decodable {
        let beta: Double, mean: Double, count: Double, newMean: Double
        let policy: [Float], reference: [Float], loss: Double, gradient: [Double]
    }

    @Test func runningMeanByHand() {
        var mean = RunningMean()
        #expect(mean.mean == 0)
        mean.update([1, 2, 6])
        #expect(mean.mean == 3)
        mean.update([])
        // (9 + 11) / 4
        mean.update([11])
        #expect(mean.mean == 5)
        #expect(mean.count == 4)
    }

    /// One NaN would be the mean of everything that follows.
    @Test(arguments: [Double.nan, .infinity])
    func runningMeanStaysFinite(value: Double) {
        var mean = RunningMean()
        mean.update([1, 3])
        mean.update([5, value])
        #expect(mean.mean == 2 && mean.count == 2)
    }

    /// The lines of TRL's BCO trainer on pairs.
    @Test func agreesWithTRL() throws {
        for reference in try fixture("ppo", as: File.self).bco {
            let known = Tensor(reference.reference)
            var running = RunningMean()
            running.update(Array(repeating: reference.mean, count: Int(reference.count)))
            let rewards = (Tensor(reference.policy) - known) * reference.beta
            running.update(rewards.values(Double.self))
            #expect(agree(running.mean, reference.newMean))
            let loss = try PreferenceLoss(.bcoPair, beta: reference.beta)
            try cutEveryWay(reference.policy, count: 4) { sums, part in
                let other = part.lowerBound + 4..<part.upperBound + 4
                let pairs = PreferencePairs(
                    policy: (sums.slice(0, part), sums.slice(0, other)),
                    reference: (known.slice(0, part), known.slice(0, other)),
                    lengths: (part.map { _ in 1 }, part.map { _ in 1 }))
                return loss(pairs, normaliser: 4, meanReward: running.mean).loss
            }.expect(reference.loss, reference.gradient)
        }
    }
}
