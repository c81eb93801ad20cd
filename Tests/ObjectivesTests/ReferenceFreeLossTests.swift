import Foundation
import Objectives
import Testing
import Torch
import TorchTestSupport

/// ORPO and SimPO.
struct ReferenceFreeLossTests {
    init() { startEngine() }

    private struct File: Decodable { let orpo: [Case], simpo: [Case] }

    private struct Case: Decodable {
        let chosenLengths: [Int], rejectedLengths: [Int], policy: [Float], loss: Double
        let gradient: [Double], metrics: [String: Double]
        let beta: Double, simpo_gamma: Double?, label_smoothing: Double?

        var pairs: Int { chosenLengths.count }

        /// Tokens of the chosen and of the rejected completions of some pairs.
        func part(_ tokens: Tensor, _ part: Range<Int>) -> (chosen: Part, rejected: Part) {
            (cut(tokens, part), cut(tokens, part.lowerBound + pairs..<part.upperBound + pairs))
        }

        private func cut(_ tokens: Tensor, _ completions: Range<Int>) -> Part {
            let batch = Ragged(lengths: chosenLengths + rejectedLengths)
            let segments = TokenSegments(lengths: Array(batch.lengths[completions]))
            return (tokens.slice(0, batch.tokens(completions)), segments)
        }
    }

    private typealias Part = (tokens: Tensor, segments: TokenSegments)

    @Test func orpoByHand() {
        // p = log 1/2 and log 1/5: odds 1 and 1/4, ratio 4: -log s(log 4) = log 5/4.
        // nll = -(log 1/2 + log 1/2) / 4 tokens of the step; beta 2, two pairs in the step.
        let result = ORPOLoss(beta: 2)(
            chosen: (Tensor([log(0.5), log(0.5)]), TokenSegments(lengths: [2])),
            rejected: (Tensor([log(0.2)]), TokenSegments(lengths: [1])), pairs: 2, chosenTokens: 4)
        #expect(abs(result.negativeLogLikelihood.item(Double.self) - 0.3465736) < 1e-6)
        #expect(abs(result.preference.loss.item(Double.self) - 0.2231436) < 1e-6)
        #expect(abs(result.loss.item(Double.self) - 0.5697172) < 1e-6)
        #expect(distance(result.logOddsRatios, [log(4)]) < 1e-6)
        #expect(distance(result.preference.chosenRewards, [2 * log(0.5)]) < 1e-6)
    }

    @Test func orpoOfCertainCompletionsIsFinite() throws {
        let certain = try Graded([0, -1], parts: [0..<1]) { tokens, _ in
            ORPOLoss()(
                chosen: (tokens.slice(0, 0..<1), TokenSegments(lengths: [1])),
                rejected: (tokens.slice(0, 1..<2), TokenSegments(lengths: [1])), pairs: 1,
                chosenTokens: 1
            ).loss
        }
        #expect(certain.loss.isFinite)
        #expect(certain.gradient.isFinite().all().item(Bool.self))
    }

    @Test func orpoAgreesWithTRLHoweverCut() throws {
        for reference in try fixture("preference", as: File.self).orpo {
            let loss = ORPOLoss(beta: reference.beta)
            func result(_ tokens: Tensor, _ pairs: Range<Int>) -> ORPOResult {
                let part = reference.part(tokens, pairs)
                return loss(
                    chosen: part.chosen, rejected: part.rejected, pairs: reference.pairs,
                    chosenTokens: reference.chosenLengths.reduce(0, +))
            }
            try cutEveryWay(reference.policy, count: reference.pairs) { result($0, $1).loss }
                .expect(reference.loss, reference.gradient)
            let all = result(Tensor(reference.policy), 0..<reference.pairs)
            let nll = all.negativeLogLikelihood.item(Double.self)
            #expect(agree(nll, reference.metrics["nll_loss"]))
            #expect(agree(mean(all.logOddsRatios), reference.metrics["log_odds_chosen"]))
            let reward = mean(all.preference.chosenRewards)
            #expect(agree(reward, reference.metrics["rewards/chosen"]))
        }
    }

    @Test func simpoByHand() {
        // beta 2, p = -1 and -2, gamma 0.5: -log s(1.5)
        let result = SimPOLoss(beta: 2, gamma: 0.5)(
            chosen: Tensor([-1.0]), rejected: Tensor([-2.0]), normaliser: 1)
        #expect(abs(result.loss.item(Double.self) - 0.2014133) < 1e-6)
        #expect(result.rejectedRewards.values(Double.self) == [-4])
    }

    @Test func simpoAgreesWithTRLHoweverCut() throws {
        for reference in try fixture("preference", as: File.self).simpo {
            let loss = SimPOLoss(
                beta: reference.beta, gamma: try #require(reference.simpo_gamma),
                labelSmoothing: try #require(reference.label_smoothing))
            try cutEveryWay(reference.policy, count: reference.pairs) { tokens, pairs in
                let part = reference.part(tokens, pairs)
                return loss(
                    chosen: part.chosen.segments.means(part.chosen.tokens),
                    rejected: part.rejected.segments.means(part.rejected.tokens),
                    normaliser: reference.pairs
                ).loss
            }.expect(reference.loss, reference.gradient)
        }
    }
}
