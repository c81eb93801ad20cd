import Layers
import Records
import Torch

/// One image as a tower takes it.
public struct VisionInput {
    /// Normalised pixels [3, H, W], or for Qwen's towers patches [N, 3 * 2 * p * p] in the order of
    /// its processor: the patches that are merged into one token lie together.
    public var pixels: Tensor
    /// Counted in patches, before any are merged.
    public var grid: ImageGrid

    public init(pixels: Tensor, grid: ImageGrid) {
        self.pixels = pixels
        self.grid = grid
    }
}

/// A network that turns images into features, differentiable from the pixels on.
public protocol VisionTower: AnyObject {
    /// Every linear layer that adapters may stand on, in the order of the forward pass.
    var linears: [Linear] { get }

    /// Numbers of one feature.
    var width: Int { get }

    /// The features of each image [n, width], one row a token of it. An image's features do not
    /// depend on the others.
    func features(_ inputs: [VisionInput]) -> [Tensor]

    /// The weights of attention in every layer for the rows of one image, in the order they come
    /// in: [H, n, n], or [1, n, n] of the heads' mean.
    func attentions(_ input: VisionInput, meansHeads: Bool) -> [Tensor]

    /// Recompute each block in the backward pass instead of keeping its activations.
    var recomputesActivations: Bool { get set }
}
