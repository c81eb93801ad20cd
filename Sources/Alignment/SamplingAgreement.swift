import Objectives
import Torch

/// Whether sampling and training compute the same log-probabilities, as far as is known.
///
/// Where one set of kernels serves both they do, to the bit. Elsewhere libtorch's operators sum in
/// an order that depends on the batch: log-probabilities differ, and ratios with them. Rollouts are
/// then computed once more the way training does, and corrected; see ``SamplingCorrection``.
struct SamplingAgreement: Codable, Equatable {
    /// Whether rollouts are corrected.
    private(set) var corrects: Bool
    private var isTold = false

    /// On the CPU our kernels serve both, unless the first update finds otherwise.
    init(device: Device) { corrects = device != .cpu }

    /// The difference of a token's log p from which on a rollout is corrected.
    static func tolerance(_ dtype: DType) -> Float { dtype == .float32 ? 1e-5 : 1e-3 }

    /// Takes in what the first update of a rollout found.
    ///
    /// - Returns: what a person should know, once a run.
    mutating func record(_ gap: LogProbabilityGap, _ dtype: DType) -> [String] {
        guard gap.largest > Self.tolerance(dtype) else { return [] }
        corrects = true
        if isTold { return [] }
        isTold = true
        return [
            "log-probabilities of sampling and of training differ here by more than "
                + "\(Self.tolerance(dtype)): corrected by truncated importance sampling"
        ]
    }
}

/// How far the log-probabilities of sampling are from those that training computes with the same
/// weights.
struct LogProbabilityGap: Equatable {
    /// The largest difference of a token.
    private(set) var largest: Float = 0
    private var sum = 0.0
    private var tokens = 0
    /// Sum and range of the weights of ``SamplingCorrection``.
    private var weights = 0.0
    private var range: ClosedRange<Double>?

    /// Takes in the tokens of a micro-batch with the log-probabilities that training gives them.
    mutating func add(_ batch: [RolloutGroup], _ current: Tensor) {
        add(sampled: batch.sampled, trained: current.detached().values(Float.self))
    }

    /// Takes in tokens; those without a finite number are the loop's affair.
    mutating func add(sampled: [Float], trained: [Float]) {
        precondition(sampled.count == trained.count, "\(sampled.count), \(trained.count) tokens")
        for (one, other) in zip(sampled, trained) where one.isFinite && other.isFinite {
            largest = max(largest, abs(one - other))
            sum += Double(abs(one - other))
            tokens += 1
            let weight = SamplingCorrection.weight(training: other, sampled: one)
            weights += weight
            let before = range ?? weight...weight
            range = min(before.lowerBound, weight)...max(before.upperBound, weight)
        }
    }

    /// Its curves under TRL's names.
    var values: [String: Double] {
        guard let range else { return [:] }
        return [
            "sampling/sampling_logp_difference/mean": sum / Double(tokens),
            "sampling/sampling_logp_difference/max": Double(largest),
            "sampling/importance_sampling_ratio/min": range.lowerBound,
            "sampling/importance_sampling_ratio/mean": weights / Double(tokens),
            "sampling/importance_sampling_ratio/max": range.upperBound,
        ]
    }
}
