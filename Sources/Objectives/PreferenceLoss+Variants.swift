import Foundation
import Torch

extension PreferenceLoss {
    /// The variants of one number a pair, x = beta D, [B].
    func losses(_ x: Tensor) -> Tensor {
        let smoothing = labelSmoothing
        return switch kind {
        case .hinge: (1 - x).relu()
        case .robust:
            (x.logSigmoid() * (smoothing - 1) + (-x).logSigmoid() * smoothing)
                / (1 - 2 * smoothing)
        case .exoPair:
            x.sigmoid() * (x.logSigmoid() - log1p(-smoothing))
                + (-x).sigmoid() * ((-x).logSigmoid() - log(smoothing))
        case .discopop: blended(x)
        default: smoothedLogistic(x, smoothing)
        }
    }

    /// The variants of both rewards, beta a and beta b, [B].
    func losses(_ chosen: Tensor, _ rejected: Tensor, _ mean: Double) -> Tensor {
        switch kind {
        case .ncaPair:
            -chosen.logSigmoid() - ((-chosen).logSigmoid() + (-rejected).logSigmoid()) * 0.5
        case .apoZero: 1 - chosen.sigmoid() + rejected.sigmoid()
        case .apoDown: chosen.sigmoid() + 1 - (chosen - rejected).sigmoid()
        default: -(chosen - mean).logSigmoid() - (mean - rejected).logSigmoid()
        }
    }

    private func blended(_ x: Tensor) -> Tensor {
        let share = (x / discopopTau).sigmoid()
        return -x.logSigmoid() * (1 - share) + (-x).exp() * share
    }
}

/// -(1 - e) log s(x) - e log s(-x): the logistic loss with a share e of flipped labels.
func smoothedLogistic(_ x: Tensor, _ smoothing: Double) -> Tensor {
    let loss = -x.logSigmoid()
    return smoothing == 0 ? loss : loss * (1 - smoothing) - (-x).logSigmoid() * smoothing
}
