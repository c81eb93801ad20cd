import Torch

/// An attack on images, given by nothing but what is to grow.
///
/// Definitions are those of torchattacks (Kim, 2020, arXiv:2010.01950), whose images it finds.
public struct ImageAttack: Sendable {
    public let method: AttackMethod
    public let settings: AttackSettings
    /// In units of pixel values from 0 to 1.
    public let epsilon: Double

    /// - Parameter epsilon: in units of pixel values from 0 to 1.
    public init(_ method: AttackMethod, _ settings: AttackSettings, epsilon: Double) {
        (self.method, self.settings, self.epsilon) = (method, settings, epsilon)
    }

    /// Images that an attack found, and what it had to go by.
    public struct Finding {
        /// [B, 3, H, W] in [0, 1] and in the ball.
        public let images: Tensor
        /// The loss of each image, [B]; nil for noise, which does not look.
        public let losses: Tensor?
        /// Whether the gradient at the first step was zero everywhere: the attack had nothing to
        /// follow, and what it did not find may be there.
        public let isBlind: Bool
    }

    /// Moves images to where the loss is large.
    ///
    /// - Parameters:
    ///   - clean: [B, 3, H, W] in [0, 1].
    ///   - stream: tells the random numbers of these images from those of others.
    ///   - loss: what is to grow, [B], one number an image, differentiable to its argument.
    /// - Throws: ``AttackError`` where loss or gradient are not finite; what `loss` throws.
    public func find(
        from clean: Tensor, stream: UInt64 = 0, loss: (Tensor) throws -> Tensor
    ) throws -> Finding {
        let generator = Generator(seed: settings.seed ^ (stream &* 0x9E37_79B9_7F4A_7C15))
        switch method {
        case .noise:
            let images = AttackStep.noise(
                clean, epsilon: epsilon, settings.norm, generator: generator)
            return Finding(images: images, losses: nil, isBlind: false)
        case .fgsm:
            let gradient = try gradient(at: clean, loss)
            let step = AttackStep.direction(gradient, settings.norm) * epsilon
            let images = (clean + step).clamped(min: 0, max: 1)
            return Finding(
                images: images, losses: try losses(images, loss), isBlind: Self.isZero(gradient))
        case .pgd:
            return try descend(from: clean, generator, loss)
        }
    }

    private func descend(
        from clean: Tensor, _ generator: Generator, _ loss: (Tensor) throws -> Tensor
    ) throws -> Finding {
        var best: (images: Tensor, losses: Tensor)?
        var isBlind = false
        for run in 0..<(settings.randomStart ? max(1, settings.restarts) : 1) {
            var images =
                settings.randomStart
                ? AttackStep.start(clean, epsilon: epsilon, settings.norm, generator: generator)
                : clean
            for step in 0..<settings.steps {
                let gradient = try gradient(at: images, loss)
                if run == 0, step == 0 { isBlind = Self.isZero(gradient) }
                let move =
                    AttackStep.direction(gradient, settings.norm)
                    * (settings.stepShare * epsilon)
                images = AttackStep.projected(
                    images + move, onto: clean, epsilon: epsilon, settings.norm)
            }
            let found = try losses(images, loss)
            best = best.map { Self.better($0, (images, found)) } ?? (images, found)
        }
        return Finding(images: best?.images ?? clean, losses: best?.losses, isBlind: isBlind)
    }

    private func gradient(at images: Tensor, _ loss: (Tensor) throws -> Tensor) throws -> Tensor {
        let leaf = images.detached()
        leaf.requiresGrad = true
        let gradient = try withGradients { try loss(leaf).sum().gradients(for: [leaf])[0] }
        guard let gradient else { throw AttackError.disconnected }
        guard gradient.isFinite().all().item(Bool.self) else { throw AttackError.notFinite }
        return gradient
    }

    private func losses(_ images: Tensor, _ loss: (Tensor) throws -> Tensor) throws -> Tensor {
        let values = try withoutGradients { try loss(images) }
        guard values.isFinite().all().item(Bool.self) else { throw AttackError.notFinite }
        return values
    }

    /// Of two runs the one of the larger loss, image by image.
    private static func better(
        _ one: (images: Tensor, losses: Tensor), _ other: (images: Tensor, losses: Tensor)
    ) -> (images: Tensor, losses: Tensor) {
        let isBetter = one.losses.less(than: other.losses)
        let mask = isBetter.reshape([isBetter.count, 1, 1, 1])
        return (
            other.images.selected(where: mask, else: one.images),
            other.losses.selected(where: isBetter, else: one.losses)
        )
    }

    private static func isZero(_ gradient: Tensor) -> Bool {
        gradient.equals(0).all().item(Bool.self)
    }
}

/// Why an attack on an item came to nothing; a result for no accuracy.
public enum AttackError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The loss does not depend on the pixels.
    case disconnected
    /// A loss or a gradient is infinite or no number.
    case notFinite
    /// The goal compares options, and the question has none.
    case needsOptions(AttackGoal)

    /// What is wrong, in words for the user.
    public var description: String {
        switch self {
        case .disconnected: "the loss does not depend on the image"
        case .notFinite: "the loss or its gradient is not finite"
        case .needsOptions(let goal):
            "an open question has no options to compare, which the goal \(goal.rawValue) does"
        }
    }
}
