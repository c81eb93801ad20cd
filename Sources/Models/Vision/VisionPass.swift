import Torch

/// What one block of a tower is told about the rows that go through it.
struct VisionPass {
    /// Rows that see each other lie together: the length of each such piece.
    let pieces: [Int]
    /// Angles of the rotary positions, each [T, d / 2] in f32; nil where positions are added.
    var angles: (cosine: Tensor, sine: Tensor)?
    /// Collects the weights of attention where someone looks at them.
    var observer: AttentionObserver?
}
