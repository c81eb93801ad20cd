import Torch

/// A trainable linear map from hidden states to one number: a reward model's score, or a critic's
/// value; `score` of transformers' sequence classification models with one label, without a bias.
public final class ScoreHead {
    /// [1, D], f32
    public let weight: Tensor

    /// A head that starts with a copy of a given weight [1, D].
    public init(weight: Tensor) {
        precondition(weight.dim == 2 && weight.size(0) == 1, "a score head \(weight.shape)")
        self.weight = weight.detached().to(.float32) + 0
        self.weight.requiresGrad = true
    }

    /// A new reward model's head: normal, as transformers draws it.
    ///
    /// - Parameters:
    ///   - size: D, the size of a hidden state.
    ///   - generator: of the CPU.
    ///   - standardDeviation: transformers' `initializer_range`, 0.02 unless config.json has one.
    public convenience init(
        size: Int, generator: Generator, standardDeviation: Double = 0.02, device: Device = .cpu
    ) {
        let normal = Tensor.randn([1, size], generator: generator)
        self.init(weight: (normal * standardDeviation).to(device))
    }

    /// A new critic's head: zeros, so that no drawn value is in the first advantages.
    public convenience init(zeroOfSize size: Int, device: Device = .cpu) {
        self.init(weight: .zeros([1, size], on: device))
    }

    /// One number for each row of hidden states [N, D]: [N] in f32, differentiable to both.
    ///
    /// The product is taken in f32; a row's result does not depend on the other rows.
    public func scores(_ hidden: Tensor) -> Tensor { (hidden.to(.float32) * weight).sum(1) }
}
