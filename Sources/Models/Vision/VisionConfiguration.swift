/// What a model sees with.
public struct VisionConfiguration: Sendable, Hashable {
    /// The two families of towers.
    public enum Tower: Sendable, Hashable {
        case transformer(VisionTransformerConfiguration)
        case qwen(QwenVisionConfiguration)
    }

    /// LLaVA's projector, linear_2(activation(linear_1 x)).
    public struct Projector: Sendable, Hashable {
        public var activation: Activation = .gelu
        public var bias = true
    }

    public var tower: Tower
    public var projector = Projector()
    /// The id that stands for an image in a text.
    public var imageTokenID: Int32
    /// Layers after which the features are taken, side by side: 0 for none, and so on.
    public var featureLayers: [Int] = []
    /// Whether the first row of the features is left out (LLaVA's strategy `default`); of a tower
    /// without a class token that is a patch, as in transformers.
    public var dropsFirstRow = false

    /// Whether the first row of the tower's features stands for the whole image.
    var hasClassToken: Bool {
        if case .transformer(let tower) = tower { tower.hasClassToken } else { false }
    }

    /// Rows at the start of a tower's features that are left out.
    var droppedRows: Int { dropsFirstRow ? 1 : 0 }
}
