import Torch

/// Compares the log-probabilities of sampling with those of the first update, where the policy is
/// still the same: they must come from the same arithmetic, or every ratio is wrong.
struct SamplingAgreement {
    /// Largest allowed difference of a token's log p.
    let tolerance: Float

    /// On the CPU our kernels give a token the same bits in sampling and in training; libtorch's own
    /// operators, which serve the other devices, sum in an order that depends on the batch.
    init(dtype: DType, device: Device) {
        let exact: Float = dtype == .float32 ? 1e-5 : 1e-3
        tolerance = device == .cpu ? exact : 100 * exact
    }

    /// - Throws: ``TrainingError/samplingDisagrees(difference:tolerance:)``.
    func check(_ sampled: [Float], _ trained: [Float]) throws(TrainingError) {
        let difference = zip(sampled, trained).map { abs($0 - $1) }.max() ?? 0
        guard sampled.count == trained.count, difference <= tolerance else {
            throw .samplingDisagrees(difference: difference, tolerance: tolerance)
        }
    }
}
