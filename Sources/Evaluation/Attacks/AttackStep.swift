import Torch

/// Operators that only attacks use.
private enum AttackOperators {
    static let sign = Operator("aten::sign")
}

/// The moves that attacks are made of, on images [B, 3, H, W] with values in [0, 1]; each image of
/// a batch moves by itself.
enum AttackStep {
    /// Keeps a division by the length of a gradient of zeros finite, as torchattacks has it.
    private static let tiny = 1e-10

    /// The steepest direction: signs of the gradient, or the gradient at length 1.
    static func direction(_ gradient: Tensor, _ norm: AttackNorm) -> Tensor {
        switch norm {
        case .linf: AttackOperators.sign(.tensor(gradient))
        case .l2: gradient / (lengths(gradient) + tiny)
        }
    }

    /// The nearest image to `moved` in the ball round `clean` and in [0, 1], the ball first.
    static func projected(
        _ moved: Tensor, onto clean: Tensor, epsilon: Double, _ norm: AttackNorm
    ) -> Tensor {
        let change = moved - clean
        switch norm {
        case .linf:
            return (clean + change.clamped(min: -epsilon, max: epsilon)).clamped(min: 0, max: 1)
        case .l2:
            let share = (Tensor.full([1], epsilon, on: clean.device) / lengths(change))
                .clamped(max: 1)
            // No change has a length of 0, and a share of infinity or nothing.
            let kept = share.selected(
                where: share.isFinite(), else: Tensor.ones([1], on: clean.device))
            return (clean + change * kept).clamped(min: 0, max: 1)
        }
    }

    /// A random point of the ball round `clean`, in [0, 1]: every value uniform, or a uniform
    /// direction with a length uniform below epsilon (torchattacks' start of PGD).
    static func start(
        _ clean: Tensor, epsilon: Double, _ norm: AttackNorm, generator: Generator
    ) -> Tensor {
        switch norm {
        case .linf:
            let draw = Tensor.rand(clean.shape, generator: generator).to(clean.device)
            return (clean + (draw * (2 * epsilon) - epsilon)).clamped(min: 0, max: 1)
        case .l2:
            let draw = Tensor.randn(clean.shape, generator: generator).to(clean.device)
            let share = Tensor.rand([clean.size(0), 1, 1, 1], generator: generator).to(clean.device)
            return (clean + draw * (share / lengths(draw) * epsilon)).clamped(min: 0, max: 1)
        }
    }

    /// Noise as large as an attack may be: every value moves by epsilon, up or down by chance, or
    /// all of them by epsilon in a random direction.
    static func noise(
        _ clean: Tensor, epsilon: Double, _ norm: AttackNorm, generator: Generator
    ) -> Tensor {
        let draw = Tensor.randn(clean.shape, generator: generator).to(clean.device)
        return (clean + direction(draw, norm) * epsilon).clamped(min: 0, max: 1)
    }

    /// The Euclidean length of each image's values, [B, 1, 1, 1].
    private static func lengths(_ x: Tensor) -> Tensor {
        x.reshape([x.size(0), -1]).square().sum(1).sqrt().reshape([x.size(0), 1, 1, 1])
    }
}
