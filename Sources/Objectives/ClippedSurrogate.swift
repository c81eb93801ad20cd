import Torch

/// Where the ratio of new to old policy is clipped.
struct ClipRange {
    let low: Double
    let high: Double

    /// 1 - epsilonLow ... 1 + epsilonHigh
    init(epsilonLow: Double, epsilonHigh: Double) {
        (low, high) = (1 - epsilonLow, 1 + epsilonHigh)
    }

    /// -min(rho A, clip(rho) A), element-wise (PPO, arXiv:1707.06347, eq. 7).
    ///
    /// - Parameter limit: rho itself never counts more than this, whatever the sign of A (dual
    ///   clipping, arXiv:1912.09729).
    func losses(_ ratio: Tensor, _ advantages: Tensor, limit: Double? = nil) -> Tensor {
        let plain = limit.map { ratio.clamped(max: $0) } ?? ratio
        let clipped = ratio.clamped(min: low, max: high)
        return -Tensor.minimum(plain * advantages, clipped * advantages)
    }
}
