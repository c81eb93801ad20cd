import Torch

/// AdamW: Adam with decoupled weight decay (arXiv:1711.05101), state in f32.
///
/// As `torch.optim.AdamW`, each parameter counts the updates it took part in, which correct the
/// bias of its moments; as transformers' `Trainer`, tensors of one dimension do not decay.
public final class AdamW {
    /// Its settings; defaults are PyTorch's but for the weight decay, which is TRL's 0.
    public struct Settings: Sendable, Hashable {
        public var beta1 = 0.9
        public var beta2 = 0.999
        public var epsilon = 1e-8
        public var weightDecay = 0.0

        public init(
            beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
            weightDecay: Double = 0
        ) {
            self.beta1 = beta1
            self.beta2 = beta2
            self.epsilon = epsilon
            self.weightDecay = weightDecay
        }
    }

    /// A tensor that is trained, and what is remembered of it.
    private struct Entry {
        let name: String
        let tensor: Tensor
        let mean: Tensor
        let square: Tensor
        /// Updates that it took part in.
        var steps = 0

        /// Biases and the scales of norms, which have one dimension, do not decay.
        var decays: Bool { tensor.shape.count > 1 }
    }

    public let settings: Settings
    private var entries: [Entry]

    public init(_ parameters: [(name: String, tensor: Tensor)], settings: Settings = Settings()) {
        self.settings = settings
        entries = parameters.map { name, tensor in
            Entry(
                name: name, tensor: tensor, mean: .zeros(tensor.shape, on: tensor.device),
                square: .zeros(tensor.shape, on: tensor.device))
        }
    }

    /// Moves every parameter against its gradient; one without a gradient stays, and its moments
    /// and its count too.
    public func update(learningRate: Double) {
        withoutGradients {
            for index in entries.indices {
                guard let gradient = entries[index].tensor.grad else { continue }
                entries[index].steps += 1
                move(entries[index], gradient, learningRate)
            }
        }
    }

    private func move(_ entry: Entry, _ gradient: Tensor, _ learningRate: Double) {
        let meanCorrection = 1 - Double.pow(settings.beta1, entry.steps)
        let squareCorrection = (1 - Double.pow(settings.beta2, entry.steps)).squareRoot()
        if settings.weightDecay != 0, entry.decays {
            entry.tensor.mul_(1 - learningRate * settings.weightDecay)
        }
        entry.mean.lerp_(gradient, weight: 1 - settings.beta1)
        entry.square.mul_(settings.beta2)
            .addcmul_(gradient, gradient, value: 1 - settings.beta2)
        let scale = entry.square.sqrt() / squareCorrection + settings.epsilon
        entry.tensor.addcdiv_(entry.mean, scale, value: -learningRate / meanCorrection)
    }

    /// Forgets all gradients.
    public func clearGradients() {
        for entry in entries { entry.tensor.grad = nil }
    }

    /// Updates of the parameter that took part in the most; 0 before the first.
    public var step: Int { entries.map(\.steps).max() ?? 0 }

    /// Updates that each parameter took part in.
    public var steps: [String: Int] {
        Dictionary(entries.map { ($0.name, $0.steps) }) { $1 }
    }

    /// First and second moments by parameter name.
    public var state: [(name: String, tensor: Tensor)] {
        entries.flatMap { [("\($0.name).mean", $0.mean), ("\($0.name).square", $0.square)] }
    }

    /// Continues from a saved state.
    ///
    /// - Parameters:
    ///   - steps: the updates of each parameter, as ``steps`` gives them.
    ///   - moments: the tensor of each name that ``state`` has.
    public func restore<Failure: Error>(
        steps: [String: Int], moments: (String) throws(Failure) -> Tensor
    ) throws(Failure) {
        for (name, tensor) in state { tensor.copy_(try moments(name)) }
        for index in entries.indices { entries[index].steps = steps[entries[index].name] ?? 0 }
    }
}

extension Double {
    /// base^exponent by repeated squaring, the same on every platform.
    static func pow(_ base: Double, _ exponent: Int) -> Double {
        var (result, factor, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= factor }
            factor *= factor
            rest >>= 1
        }
        return result
    }
}
