import Objectives
import Torch

/// Sums over the micro-batches of a step.
struct PPOSums: RolloutSums {
    private(set) var policyLoss = 0.0
    private(set) var valueLoss = 0.0
    private(set) var tokensSeen = 0
    var gap = LogProbabilityGap()
    private var tokens = 0
    private var clipped = 0
    private var valuesClipped = 0
    private var divergence = 0.0
    private var ratios = 0.0
    private var entropy = 0.0

    mutating func add(
        _ policy: PPOPolicyResult, _ value: PPOValueResult, entropies: Tensor, tokens seen: Int
    ) {
        policyLoss += Double(policy.loss.item(Float.self))
        valueLoss += Double(value.loss.item(Float.self))
        tokensSeen += seen
        tokens += policy.tokens
        clipped += policy.clipped
        valuesClipped += value.clipped
        divergence += policy.divergenceSum
        ratios += policy.ratioSum
        entropy += entropies.sum(dtype: .float64).item(Double.self)
    }

    /// Nats a token.
    var meanEntropy: Double { entropy / Double(max(tokens, 1)) }

    var values: [String: Double] {
        let count = Double(max(tokens, 1))
        return [
            "loss/policy_avg": policyLoss, "loss/value_avg": valueLoss,
            "policy/approxkl_avg": divergence / count,
            "policy/clipfrac_avg": Double(clipped) / count,
            "policy/entropy_avg": meanEntropy, "val/ratio": ratios / count,
            "val/clipfrac_avg": Double(valuesClipped) / count,
        ]
    }
}
