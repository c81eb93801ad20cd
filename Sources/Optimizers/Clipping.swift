import Torch

/// Scales all gradients down so that their global norm is at most `limit`.
///
/// - Parameters:
///   - parameters: leaves; those without a gradient are passed over.
///   - limit: nil measures only.
/// - Returns: the norm before clipping, of all gradients as one vector.
@discardableResult
public func clipGradients(_ parameters: [Tensor], limit: Double?) -> Double {
    let gradients = parameters.compactMap(\.grad)
    guard !gradients.isEmpty else { return 0 }
    let norms = Tensor.stack(gradients.map { $0.norm(dtype: .float32) })
    let norm = Double(norms.norm().item(Float.self))
    // The small constant is PyTorch's `clip_grad_norm_`.
    if let limit, norm.isFinite, limit / (norm + 1e-6) < 1 {
        for gradient in gradients { gradient.mul_(limit / (norm + 1e-6)) }
    }
    return norm
}
