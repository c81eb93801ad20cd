import Objectives
import Records
import Torch

/// A ranking as DPO and GRPO see it.
struct Ranking {
    /// All pairs of completions of different rank.
    let pairs: [(chosen: Int, rejected: Int)]
    /// 1 for the best to 0 for the worst, linear in the order; ties share their mean.
    let rewards: [Double]
    /// The rewards' advantages within the group.
    let advantages: [Double]

    /// - Throws: ``JudgeFault`` where there is not a rank of 1 or more for every completion.
    init(_ judge: EngineJudge) throws(JudgeFault) {
        let ranks = judge.ranks
        guard ranks.count == judge.completions.count, !ranks.isEmpty else {
            throw .count(ranks: ranks.count, completions: judge.completions.count)
        }
        guard ranks.allSatisfy({ $0 > 0 }) else { throw .rank }
        pairs = ranks.indices.flatMap { chosen in
            ranks.indices.filter { ranks[chosen] < ranks[$0] }.map { (chosen, $0) }
        }
        rewards = Self.rewards(ranks)
        advantages =
            GroupAdvantages(groupSize: ranks.count, weights: [1])(rewards.map { [$0] }).advantages
    }

    private static func rewards(_ ranks: [Int]) -> [Double] {
        guard ranks.count > 1 else { return [1] }
        return ranks.map { rank in
            let better = ranks.count { $0 < rank }
            let tied = ranks.count { $0 == rank }
            // The mean of the places that the tied ones take together.
            let place = Double(better) + Double(tied - 1) / 2
            return 1 - place / Double(ranks.count - 1)
        }
    }

    /// The loss over all pairs, their mean; nil without pairs.
    ///
    /// - Parameters:
    ///   - policy: summed log-probabilities of the completions [G], with or without gradients.
    ///   - reference: the same under the reference.
    func loss(
        _ loss: PreferenceLoss, policy: Tensor, reference: [Double]
    ) -> PreferenceResult? {
        if pairs.isEmpty { return nil }
        let reference = Tensor(reference.map(Float.init)).to(policy.device)
        func side(_ values: Tensor, _ places: [Int]) -> Tensor {
            values.indexSelect(0, Tensor(places.map(Int64.init)).to(policy.device))
        }
        let (chosen, rejected) = (pairs.map(\.chosen), pairs.map(\.rejected))
        let ones = pairs.map { _ in 1 }
        return loss(
            PreferencePairs(
                policy: (side(policy, chosen), side(policy, rejected)),
                reference: (side(reference, chosen), side(reference, rejected)),
                lengths: (ones, ones)),
            normaliser: pairs.count)
    }
}

/// A ranking that does not fit its completions.
package enum JudgeFault: Error, Sendable, Equatable, CustomStringConvertible {
    case count(ranks: Int, completions: Int)
    case rank

    package var description: String {
        switch self {
        case .count(let ranks, let completions):
            "\(ranks) ranks for \(completions) completions: each needs one, and one is needed"
        case .rank: "a rank is below 1, which is the best"
        }
    }
}
