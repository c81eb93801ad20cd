import Foundation
import Objectives
import Testing
import Torch
import TorchTestSupport

struct SupervisedLossTests {
    private let logProbabilities: Tensor

    /// Probabilities 1/2, 1/4 and 1/8.
    init() {
        startEngine()
        logProbabilities = Tensor([1.0 / 2, 1.0 / 4, 1.0 / 8].map { Float(log($0)) })
        logProbabilities.requiresGrad = true
    }

    @Test func nllByHand() {
        // (log 2 + log 4 + log 8) / 6 = log 2
        let loss = SupervisedLoss.nll(logProbabilities, normaliser: 6)
        #expect(abs(loss.item(Double.self) - 0.69314718) < 1e-6)
        loss.backward()
        #expect(
            distance(logProbabilities.grad ?? .zeros([0]), [-1.0 / 6, -1.0 / 6, -1.0 / 6]) < 1e-7
        )
    }

    @Test func dftByHand() {
        // (log 2 / 2 + log 4 / 4 + log 8 / 8) / 2 = log 2 (1/2 + 1/2 + 3/8) / 2 = 0.4765387
        let loss = SupervisedLoss.dft(logProbabilities, normaliser: 2)
        #expect(abs(loss.item(Double.self) - 0.47653869) < 1e-6)
        loss.backward()
        // The probability is a constant: -p / 2, not -(p + p log p) / 2.
        #expect(distance(logProbabilities.grad ?? .zeros([0]), [-0.25, -0.125, -0.0625]) < 1e-7)
    }

    @Test(arguments: SupervisedLoss.allCases) func microBatchesAddUp(loss: SupervisedLoss) throws {
        // However the labelled tokens of a step are cut, losses and gradients add up to the same.
        let values = Tensor.randn([12], generator: Generator(seed: 3)) - 3
        let whole = try gradient(values, cuts: [12], loss)
        for cuts in [[1, 11], [4, 4, 4], [7, 2, 3]] {
            let parts = try gradient(values, cuts: cuts, loss)
            #expect(abs(parts.loss - whole.loss) < 1e-6)
            #expect(distance(parts.gradient, whole.gradient) < 1e-7)
        }
    }

    private func gradient(
        _ values: Tensor,
        cuts: [Int],
        _ loss: SupervisedLoss
    ) throws -> (loss: Double, gradient: Tensor) {
        let leaf = values + 0
        leaf.requiresGrad = true
        var total = 0.0
        for part in leaf.split(cuts, dim: 0) {
            let value = loss(part, normaliser: 12)
            total += value.item(Double.self)
            value.backward()
        }
        return (total, try #require(leaf.grad))
    }

    @Test func namesAreThoseOfRecipes() {
        #expect(SupervisedLoss.allCases.map(\.rawValue) == ["nll", "dft"])
    }
}
