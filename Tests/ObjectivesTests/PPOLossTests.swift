import Foundation
import Objectives
import Testing
import Torch
import TorchTestSupport

struct PPOLossTests {
    init() { startEngine() }

    private struct File: Decodable { let updates: [Case] }

    private struct Case: Decodable {
        let lengths: [Int], policy: [Float], old: [Float], advantages: [Float]
        let values: [Float], oldValues: [Float], returns: [Float]
        let clipRange: Double, valueClipRange: Double
        let policyLoss: Double, valueLoss: Double, gradient: [Double], valueGradient: [Double]
        let clipped: Double, valueClipped: Double, divergence: Double, ratio: Double

        var count: Double { Double(policy.count) }

        func policy(_ current: Tensor, _ part: Range<Int>) -> PPOPolicyResult {
            let range = Ragged(lengths: lengths).tokens(part)
            return PPOPolicyLoss(clipRange: clipRange)(
                current: current.slice(0, range), old: Tensor(old).slice(0, range),
                advantages: Tensor(advantages).slice(0, range), normaliser: policy.count)
        }

        func value(_ values: Tensor, _ part: Range<Int>) -> PPOValueResult {
            let range = Ragged(lengths: lengths).tokens(part)
            return PPOValueLoss(clipRange: valueClipRange)(
                values: values.slice(0, range), old: Tensor(oldValues).slice(0, range),
                returns: Tensor(returns).slice(0, range), normaliser: values.count)
        }
    }

    @Test func policyByHand() {
        // Ratios 2, 1/2, 1; A = 1, 1, -2: -1.2 (clipped), -0.5, 2; over 4 tokens of the step
        let result = PPOPolicyLoss()(
            current: Tensor([log(0.5), log(0.25), -1]), old: Tensor([log(0.25), log(0.5), -1]),
            advantages: Tensor([1.0, 1, -2]), normaliser: 4)
        #expect(abs(result.loss.item(Double.self) - 0.075) < 1e-7)
        #expect((result.tokens, result.clipped) == (3, 1))
        // (log 2)^2 / 2 twice
        #expect(abs(result.divergenceSum - 0.4804530) < 1e-7)
        #expect(abs(result.ratioSum - 3.5) < 1e-12)
    }

    @Test func valueByHand() {
        // v = 1, old 0, R 2: clipped to 0.2, max(1, 3.24) = 3.24
        // v = 1, old 0, R 0: max(1, 0.04) = 1;   v = 0.1, old 0, R 1: 0.81 either way
        let result = PPOValueLoss()(
            values: Tensor([1, 1, 0.1]), old: Tensor([0.0, 0, 0]), returns: Tensor([2.0, 0, 1]),
            normaliser: 5)
        #expect(abs(result.loss.item(Double.self) - 0.505) < 1e-7)
        #expect((result.tokens, result.clipped) == (3, 1))
    }

    @Test func agreeWithTRLHoweverCut() throws {
        for reference in try fixture("ppo", as: File.self).updates {
            let count = reference.lengths.count
            try cutEveryWay(reference.policy, count: count) { reference.policy($0, $1).loss }
                .expect(reference.policyLoss, reference.gradient)
            // TRL's gradient is that of policy loss + 0.1 value loss.
            try cutEveryWay(reference.values, count: count) { reference.value($0, $1).loss }
                .expect(reference.valueLoss, reference.valueGradient.map { $0 * 10 })
        }
    }

    @Test func statisticsAreThoseOfTRLHoweverCut() throws {
        for reference in try fixture("ppo", as: File.self).updates {
            for parts in [[0..<4], [0..<1, 1..<4]] {
                let policy = parts.map { reference.policy(Tensor(reference.policy), $0) }
                let value = parts.map { reference.value(Tensor(reference.values), $0) }
                func mean(_ sums: [Double]) -> Double { sums.reduce(0, +) / reference.count }
                #expect(agree(mean(policy.map { Double($0.clipped) }), reference.clipped))
                #expect(agree(mean(value.map { Double($0.clipped) }), reference.valueClipped))
                #expect(agree(mean(policy.map(\.divergenceSum)), reference.divergence))
                #expect(agree(mean(policy.map(\.ratioSum)), reference.ratio))
            }
        }
    }
}
