import Foundation
import Torch

/// Estimates of KL(policy || reference) from one token that the policy sampled.
///
/// With r = log reference - log policy (J. Schulman, "Approximating KL Divergence", 2020):
/// k1 = -r, k2 = r^2 / 2, k3 = exp(r) - 1 - r. k1 and k3 are unbiased; k2 and k3 are never
/// negative.
public enum KLEstimator: String, Sendable, Codable, CaseIterable {
    case k1, k2, k3

    /// One estimate a token, in the shape of its arguments.
    public func callAsFunction(_ policy: Tensor, reference: Tensor) -> Tensor {
        let r = reference - policy
        return switch self {
        case .k1: -r
        case .k2: r.square() * 0.5
        case .k3: r.expm1() - r
        }
    }

    /// The estimate of one token.
    public func callAsFunction(_ policy: Double, reference: Double) -> Double {
        let r = reference - policy
        return switch self {
        case .k1: -r
        case .k2: r * r / 2
        case .k3: expm1(r) - r
        }
    }
}
