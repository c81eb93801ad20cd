import Feedback
import Records

/// What a ranking means to the methods that learn from it, computed from forward passes.
package struct Mathematics: Codable, Sendable, Hashable {
    /// What is known of one ranked answer.
    package struct Answer: Codable, Sendable, Hashable {
        /// The trace.
        package let id: Int64
        package let rank: Int
        /// Summed over the tokens, in nats.
        package let logPolicy: Double
        package let logReference: Double
        package let tokens: Int
        package let implicitReward: Double
        package let groupReward: Double
        package let advantage: Double
    }

    /// A better and a worse answer, by their traces.
    package struct Pair: Codable, Sendable, Hashable {
        package let chosen: Int64
        package let rejected: Int64
        package let margin: Double
        package let loss: Double
    }

    /// What each number is, by its name.
    package let formulas: [String: String]
    package let beta: Double
    package let answers: [Answer]
    /// None where the rater found all answers unacceptable.
    package let pairs: [Pair]
    package let loss: Double
    /// What an update would change: the norm of the loss's gradient.
    package let gradientNorm: Double?
    /// The name of the version that is judged.
    package let policy: String
    /// The name of the version it is compared with.
    package let reference: String
}

extension Mathematics {
    static let formulas = [
        "logPolicy": "log π_θ(y|x) = Σ_t log π_θ(y_t | x, y_<t)",
        "logReference": "log π_ref(y|x) = Σ_t log π_ref(y_t | x, y_<t)",
        "implicitReward": "r(y) = β (log π_θ(y|x) − log π_ref(y|x))",
        "margin": "m = r(y_chosen) − r(y_rejected)",
        "loss": "L_DPO = −log σ(m), the mean over the pairs",
        "groupReward": "R(y) = 1 for the best rank to 0 for the worst, linear in rank order",
        "advantage": "A(y) = (R(y) − mean R) / std R",
        "gradientNorm": "‖∇_θ L_DPO‖₂ over the adapter's weights",
    ]

    /// - Parameters:
    ///   - traces: as they were put to the engine.
    init(
        _ judgement: EngineJudgement, traces: [Trace], ranks: [Int], beta: Double, policy: String,
        reference: String
    ) {
        formulas = Self.formulas
        self.beta = beta
        answers = traces.enumerated().map { place, trace in
            Answer(
                id: trace.id, rank: ranks[place], logPolicy: judgement.logPolicy[place],
                logReference: judgement.logReference[place], tokens: judgement.tokens[place],
                implicitReward: judgement.implicitRewards[place],
                groupReward: judgement.groupRewards[place],
                advantage: judgement.advantages[place])
        }
        pairs = judgement.pairs.map { pair in
            Pair(
                chosen: traces[pair.chosen].id, rejected: traces[pair.rejected].id,
                margin: pair.margin, loss: pair.loss)
        }
        loss = judgement.loss
        gradientNorm = judgement.gradientNorm
        (self.policy, self.reference) = (policy, reference)
    }
}
