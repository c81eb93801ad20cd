import Torch

extension Activation {
    /// The function of every element.
    func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .gelu: x.gelu()
        case .geluTanh: x.gelu(tanh: true)
        case .quickGelu: x * (x * 1.702).sigmoid()
        case .silu: x.silu()
        case .relu: x.relu()
        }
    }
}
