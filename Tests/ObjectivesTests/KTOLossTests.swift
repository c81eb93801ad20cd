import Foundation
import Objectives
import Testing
import Torch
import TorchTestSupport

struct KTOLossTests {
    init() { startEngine() }

    private struct File: Decodable { let kto: KTO }

    private struct KTO: Decodable {
        let lengths: [Int], labels: [Bool], policy: [Float], reference: [Float]
        let mismatched: [Double], cases: [Case]
    }

    private struct Case: Decodable {
        let beta: Double, desirableWeight: Double, undesirableWeight: Double
        let mismatchedReference: [Double], loss: Double, gradient: [Double]
        let metrics: [String: Double]
    }

    @Test func byHand() {
        // a = 2, -1; z = 0.5; beta = 1, weights 1 and 2:
        // 1 - s(1.5) = 0.1824255, 2 (1 - s(1.5)) = 0.3648510; their sum over 4
        let result = KTOLoss(beta: 1, undesirableWeight: 2)(
            policy: Tensor([-3.0, -6]), reference: Tensor([-5.0, -5]), isDesirable: [true, false],
            divergence: 0.5, normaliser: 4)
        #expect(abs(result.loss.item(Double.self) - 0.1368191) < 1e-6)
        #expect(result.rewards.values(Double.self) == [2, -1])
    }

    @Test func divergenceByHand() {
        // (2 - 1 + 2) / 3, and never below 0
        #expect(KTOLoss.divergence(policy: [-1, -2, -3], reference: [-3, -1, -5]) == 1)
        #expect(KTOLoss.divergence(policy: [-2], reference: [-1]) == 0)
        #expect(KTOLoss.divergence(policy: [], reference: []) == 0)
    }

    /// The larger of 0 and a NaN is 0 to `max`: z would hide that a record has no probability.
    @Test func divergenceThatIsNotFinite() {
        #expect(KTOLoss.divergence(policy: [-1, .nan], reference: [-1, -1]).isNaN)
        #expect(KTOLoss.divergence(policy: [-1, -.infinity], reference: [-1, -1]) == -.infinity)
    }

    @Test func agreesWithTRLHoweverCut() throws {
        let file = try fixture("preference", as: File.self).kto
        let (batch, count) = (Ragged(lengths: file.lengths), file.lengths.count)
        for reference in file.cases {
            let loss = KTOLoss(
                beta: reference.beta, desirableWeight: reference.desirableWeight,
                undesirableWeight: reference.undesirableWeight)
            let divergence = KTOLoss.divergence(
                policy: file.mismatched, reference: reference.mismatchedReference)
            #expect(agree(divergence, reference.metrics["kl"]))
            try cutEveryWay(file.policy, count: count) { tokens, part in
                let segments = TokenSegments(lengths: Array(file.lengths[part]))
                let known = Tensor(file.reference).slice(0, batch.tokens(part))
                return loss(
                    policy: segments.sums(tokens.slice(0, batch.tokens(part))),
                    reference: segments.sums(known), isDesirable: Array(file.labels[part]),
                    divergence: divergence, normaliser: count
                ).loss
            }.expect(reference.loss, reference.gradient)
        }
    }
}
