import Foundation
import Optimizers
import Testing
import Torch
import TorchTestSupport

struct AdamWTests {
    init() { startEngine() }

    private func step(_ optimizer: AdamW, _ weight: Tensor, _ gradient: Float, _ rate: Double)
        -> Float
    {
        weight.grad = Tensor([gradient]).reshape(weight.shape)
        optimizer.update(learningRate: rate)
        return weight.item(Float.self)
    }

    @Test func threeStepsByHand() {
        // beta1 0.5, beta2 0.75, epsilon 0, decay 0; w = 1, rate 0.1; gradients 2, 2, -4.
        // 1: m = 1, v = 1; m / 0.5 = 2, v / 0.25 = 4, 2 / sqrt 4 = 1: w = 0.9
        // 2: m = 1.5, v = 1.75; m / 0.75 = 2, v / 0.4375 = 4, again 1: w = 0.8
        // 3: m = -1.25, v = 5.3125; m / 0.875 = -1.428571, v / 0.578125 = 9.189189,
        //    -1.428571 / 3.031368 = -0.471263: w = 0.8471263
        let weight = Tensor([Float(1)])
        let optimizer = AdamW(
            [("w", weight)],
            settings: .init(beta1: 0.5, beta2: 0.75, epsilon: 0)
        )
        #expect(abs(step(optimizer, weight, 2, 0.1) - 0.9) < 1e-6)
        #expect(abs(step(optimizer, weight, 2, 0.1) - 0.8) < 1e-6)
        #expect(abs(step(optimizer, weight, -4, 0.1) - 0.8471263) < 1e-6)
        #expect(optimizer.step == 3)
        #expect(optimizer.state.map(\.name) == ["w.mean", "w.square"])
        #expect(optimizer.state.map { $0.tensor.item(Float.self) } == [-1.25, 5.3125])
    }

    @Test func decayIsDecoupled() {
        // 10 (1 - 0.1 * 0.5) - 0.1 * 1 = 9.4: the decay takes no part in the moments.
        let weight = Tensor([Float(10)]).reshape([1, 1])
        let optimizer = AdamW(
            [("w", weight)],
            settings: .init(beta1: 0.5, beta2: 0.75, epsilon: 0, weightDecay: 0.5)
        )
        #expect(abs(step(optimizer, weight, 2, 0.1) - 9.4) < 1e-5)
        #expect(optimizer.state.map { $0.tensor.item(Float.self) } == [1, 1])
    }

    @Test func epsilonIsAddedToTheRoot() {
        // A corrected gradient of 2 over sqrt 4 + 2
        let weight = Tensor([Float(1)])
        let optimizer = AdamW([("w", weight)], settings: .init(beta1: 0.5, beta2: 0.75, epsilon: 2))
        #expect(abs(step(optimizer, weight, 2, 0.1) - 0.95) < 1e-6)
    }

    @Test func rateOfZeroMovesNothingButTheMoments() {
        let weight = Tensor([Float(1)]).reshape([1, 1])
        let optimizer = AdamW([("w", weight)], settings: .init(weightDecay: 0.1))
        #expect(step(optimizer, weight, 3, 0) == 1)
        #expect(optimizer.state[0].tensor.item(Float.self) != 0)
    }

    @Test func defaultsAreThoseOfTheDocumentation() {
        let settings = AdamW.Settings()
        #expect(settings.beta1 == 0.9 && settings.beta2 == 0.999)
        #expect(settings.epsilon == 1e-8 && settings.weightDecay == 0)
    }

    @Test func parametersWithoutGradientStay() {
        let (moved, kept) = (Tensor([Float(1)]), Tensor([Float(1)]).reshape([1, 1]))
        let optimizer = AdamW([("a", moved), ("b", kept)], settings: .init(weightDecay: 0.5))
        moved.grad = Tensor([Float(1)])
        optimizer.update(learningRate: 0.1)
        #expect(moved.item(Float.self) != 1)
        #expect(kept.item(Float.self) == 1)
        #expect(optimizer.steps == ["a": 1, "b": 0] && optimizer.step == 1)
        optimizer.clearGradients()
        #expect(moved.grad == nil)
    }

    @Test func movesLeavesThatRequireGradients() {
        let weight = Tensor([Float(1)])
        weight.requiresGrad = true
        let optimizer = AdamW([("w", weight)])
        (weight * 3).sum().backward()
        optimizer.update(learningRate: 0.1)
        // The first step has length 1 whatever the gradient.
        #expect(abs(weight.item(Float.self) - 0.9) < 1e-6)
        #expect(weight.requiresGrad)
    }
}
