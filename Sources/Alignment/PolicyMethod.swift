import Objectives
import Recipes

/// What a method that learns from groups of answers does with them; GRPO and RLOO.
protocol PolicyMethod: GroupKeys {
    func advantages(_ rollout: Rollout, weights: [Double]) -> AdvantageBatch
    /// The loss of a micro-batch; advantages one a completion.
    func loss(
        _ tokens: PolicyTokens, advantages: [Double], totals: StepTotals,
        maxCompletionLength: Int
    ) -> PolicyResult
}

extension GRPOKeys: PolicyMethod {
    func advantages(_ rollout: Rollout, weights: [Double]) -> AdvantageBatch {
        GroupAdvantages(
            groupSize: numGenerations, weights: weights, scale: scaleRewards.scale,
            aggregation: multiObjectiveAggregation.aggregation)(rollout.scores.rows)
    }

    func loss(
        _ tokens: PolicyTokens, advantages: [Double], totals: StepTotals,
        maxCompletionLength: Int
    ) -> PolicyResult {
        let loss = PolicyLoss(
            lossType.kind, importanceLevel: importanceSamplingLevel.level, epsilonLow: epsilon,
            epsilonHigh: upperEpsilon, delta: delta > 0 ? delta : nil, beta: beta,
            correctsDivergence: useBiasCorrectionKl, maxCompletionLength: maxCompletionLength)
        return loss(
            tokens, advantages: .perCompletion(advantages, like: tokens.current), totals: totals)
    }
}

extension RLOOKeys: PolicyMethod {
    func advantages(_ rollout: Rollout, weights: [Double]) -> AdvantageBatch {
        LeaveOneOutAdvantages(
            groupSize: numGenerations, weights: weights, beta: beta,
            normalizesAdvantages: normalizeAdvantages)(
                rollout.scores.rows,
                divergences: rollout.groups.flatMap { $0.completions.map(\.divergence) })
    }

    func loss(
        _ tokens: PolicyTokens, advantages: [Double], totals: StepTotals,
        maxCompletionLength: Int
    ) -> PolicyResult {
        let loss = RLOOLoss(epsilonLow: epsilon, epsilonHigh: upperEpsilon)
        return loss(
            tokens, advantages: .perCompletion(advantages, like: tokens.current),
            normaliser: totals.completions)
    }
}
