import FileFormats
import Torch

/// A point-wise function between two linear layers, under transformers' names.
public enum Activation: String, Sendable, Hashable, CaseIterable {
    case gelu
    /// GELU with tanh for the normal distribution.
    case geluTanh = "gelu_pytorch_tanh"
    /// x sigmoid(1.702 x)
    case quickGelu = "quick_gelu"
    case silu
    case relu

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

extension ConfigurationFile {
    /// A point-wise function by name.
    func activation(_ key: String, else fallback: Activation) throws(FormatError) -> Activation {
        let name = try text(key, else: fallback.rawValue)
        guard let activation = Activation(rawValue: name) else {
            let known = Activation.allCases.map(\.rawValue).joined(separator: ", ")
            throw error(key, "'\(name)' is not supported; \(known) are")
        }
        return activation
    }
}
