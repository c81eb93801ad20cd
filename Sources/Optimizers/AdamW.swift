import Torch

/// AdamW: Adam with decoupled weight decay (arXiv:1711.05101), state in f32.
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

    public let settings: Settings
    /// Steps taken.
    public private(set) var step = 0
    private let parameters: [(name: String, tensor: Tensor)]
    private let means: [Tensor]
    private let squares: [Tensor]

    public init(_ parameters: [(name: String, tensor: Tensor)], settings: Settings = Settings()) {
        self.parameters = parameters
        self.settings = settings
        means = parameters.map { .zeros($0.tensor.shape, on: $0.tensor.device) }
        squares = parameters.map { .zeros($0.tensor.shape, on: $0.tensor.device) }
    }

    /// Moves every parameter against its gradient; one without a gradient stays.
    public func update(learningRate: Double) {
        step += 1
        let meanCorrection = 1 - Double.pow(settings.beta1, step)
        let squareCorrection = (1 - Double.pow(settings.beta2, step)).squareRoot()
        withoutGradients {
            for (index, parameter) in parameters.enumerated() {
                guard let gradient = parameter.tensor.grad else { continue }
                let tensor = parameter.tensor
                if settings.weightDecay != 0 {
                    tensor.mul_(1 - learningRate * settings.weightDecay)
                }
                means[index].lerp_(gradient, weight: 1 - settings.beta1)
                squares[index].mul_(settings.beta2)
                    .addcmul_(gradient, gradient, value: 1 - settings.beta2)
                let scale = squares[index].sqrt() / squareCorrection + settings.epsilon
                tensor.addcdiv_(means[index], scale, value: -learningRate / meanCorrection)
            }
        }
    }

    /// Forgets all gradients.
    public func clearGradients() {
        for parameter in parameters { parameter.tensor.grad = nil }
    }

    /// First and second moments by parameter name.
    public var state: [(name: String, tensor: Tensor)] {
        zip(parameters, zip(means, squares)).flatMap { parameter, moments in
            [("\(parameter.name).mean", moments.0), ("\(parameter.name).square", moments.1)]
        }
    }

    /// Continues from a saved state.
    ///
    /// - Parameter moments: the tensor of each name that ``state`` has.
    public func restore<Failure: Error>(
        step: Int, moments: (String) throws(Failure) -> Tensor
    ) throws(Failure) {
        for (name, tensor) in state { tensor.copy_(try moments(name)) }
        self.step = step
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
