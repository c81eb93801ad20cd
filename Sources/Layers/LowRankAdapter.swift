import Torch

/// The hyperparameters of a low-rank adapter (LoRA, arXiv:2106.09685).
public struct LowRankSettings: Sendable, Hashable {
    /// Inner size r.
    public var rank: Int
    public var alpha: Double
    /// Share of the adapter's inputs set to zero in training.
    public var dropout: Double
    /// Scales by alpha / sqrt(r) instead of alpha / r (arXiv:2312.03732).
    public var rankStabilised: Bool

    public init(
        rank: Int = 16, alpha: Double = 32, dropout: Double = 0, rankStabilised: Bool = false
    ) {
        self.rank = rank
        self.alpha = alpha
        self.dropout = dropout
        self.rankStabilised = rankStabilised
    }

    /// The factor before B A.
    public var scale: Double {
        rankStabilised ? alpha / Double(rank).squareRoot() : alpha / Double(rank)
    }
}

/// A trainable update scale * B A of one frozen weight, kept in f32.
public final class LowRankAdapter {
    public let settings: LowRankSettings
    /// [r, in]
    public let a: Tensor
    /// [out, r]
    public let b: Tensor

    /// An adapter that changes nothing yet: A as PEFT draws it (Kaiming uniform with a = sqrt 5,
    /// that is uniform in +-1/sqrt(in)), B zero.
    public init(
        inputs: Int, outputs: Int, settings: LowRankSettings, generator: Generator,
        device: Device = .cpu
    ) {
        let bound = 1 / Double(inputs).squareRoot()
        let uniform = Tensor.rand([settings.rank, inputs], generator: generator)
        a = ((uniform * 2 - 1) * bound).to(device)
        b = .zeros([outputs, settings.rank], on: device)
        self.settings = settings
        a.requiresGrad = true
        b.requiresGrad = true
    }

    /// An adapter that starts with copies of given weights.
    public init(a: Tensor, b: Tensor, settings: LowRankSettings) {
        self.a = a.detached() + 0
        self.b = b.detached() + 0
        self.settings = settings
        self.a.requiresGrad = true
        self.b.requiresGrad = true
    }

    /// scale * B A [out, in], f32.
    public var update: Tensor { b.detached().matmul(a.detached()) * settings.scale }
}
