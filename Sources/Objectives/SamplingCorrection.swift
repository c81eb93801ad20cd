import Foundation
import Torch

/// Weights for tokens whose sampler computed other log-probabilities than training does, although
/// the weights were the same: truncated importance sampling.
///
///     w = min(pi_training / pi_sampling, limit)
///
/// The ratio of PPO's clipping stays pi / pi_training; w multiplies the token's loss, or the whole
/// completion's where that is one action. TRL: `vllm_importance_sampling_correction` with mode
/// `token_truncate` and its `clip_max` (the default mode, `sequence_mask`, drops completions).
public enum SamplingCorrection {
    /// TRL's `vllm_importance_sampling_clip_max`.
    public static let limit = 3.0

    /// w of one token.
    public static func weight(training: Float, sampled: Float) -> Double {
        min(exp(Double(training) - Double(sampled)), limit)
    }

    /// w of each token, [N]; nil where sampling and training are one arithmetic.
    static func weights(_ tokens: PolicyTokens) -> Tensor? {
        tokens.sampled.map { weights(training: tokens.old, sampled: $0) }
    }

    /// w of each completion, [B], of the ratio of whole completions.
    static func completionWeights(_ tokens: PolicyTokens) -> Tensor? {
        tokens.sampled.map { sampled in
            tokens.segments.sums(tokens.old - sampled).exp().clamped(max: limit)
        }
    }

    /// w of tokens with these log-probabilities, [N].
    static func weights(training: Tensor, sampled: Tensor) -> Tensor {
        (training - sampled).exp().clamped(max: limit)
    }
}
