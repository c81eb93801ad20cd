import Foundation
import Objectives
import Testing
import Torch
import TorchTestSupport

struct KLEstimatorTests {
    init() { startEngine() }

    // log policy = log 1/2, log reference = log 1/4: r = -log 2.
    // k1 = log 2, k2 = (log 2)^2 / 2, k3 = 1/2 - 1 + log 2
    @Test(arguments: [
        (KLEstimator.k1, 0.6931472), (.k2, 0.2402265), (.k3, 0.1931472),
    ])
    func byHand(estimator: KLEstimator, expected: Double) {
        let (policy, reference) = (log(0.5), log(0.25))
        #expect(abs(estimator(policy, reference: reference) - expected) < 1e-7)
        let tensor = estimator(Tensor([policy]), reference: Tensor([reference]))
        #expect(abs(tensor.item(Double.self) - expected) < 1e-7)
    }

    @Test func k3IsExactNearZero() {
        // r^2 / 2 for small r
        let value = KLEstimator.k3(Tensor([Float(0)]), reference: Tensor([Float(1e-3)]))
        #expect(abs(value.item(Double.self) - 5.0017e-7) < 1e-9)
    }

    @Test func gradientByHand() {
        // d k3 / d log policy = 1 - exp(r) = 1 - 1/2
        let policy = Tensor([log(0.5)])
        policy.requiresGrad = true
        KLEstimator.k3(policy, reference: Tensor([log(0.25)])).sum().backward()
        #expect(distance(policy.grad ?? .zeros([0]), [0.5]) < 1e-12)
    }
}
