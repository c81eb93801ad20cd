import Layers
import Optimizers
import Torch

extension TrainingState {
    /// Clips the gradients of each adapter by a norm of its own: they are models of their own on
    /// one trunk, and the larger gradient must not slow the other model down.
    ///
    /// - Returns: the norms before clipping.
    func clipGradients(limit: Double?) -> [GradientNorm] {
        adapters.map { adapter in
            let parameters = adapter.parameters(decoder).map(\.tensor)
            return GradientNorm(
                name: adapter.name, value: Optimizers.clipGradients(parameters, limit: limit))
        }
    }
}

/// The norm of the gradients of one adapter.
struct GradientNorm {
    let name: AdapterName
    let value: Double
}

extension [GradientNorm] {
    /// That of all gradients as one vector.
    var whole: Double {
        count == 1 ? self[0].value : reduce(0) { $0 + $1.value * $1.value }.squareRoot()
    }

    /// A curve for each.
    var curves: [String: Double] {
        Dictionary(
            uniqueKeysWithValues: map {
                ("\($0.name == .default ? "policy" : $0.name.rawValue)/grad_norm", $0.value)
            })
    }
}
