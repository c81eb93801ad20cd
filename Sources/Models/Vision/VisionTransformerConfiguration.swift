import FileFormats

/// What distinguishes one vision transformer of the family of CLIP, SigLIP and DINOv2 from another.
public struct VisionTransformerConfiguration: Sendable, Hashable {
    /// Which of transformers' classes it is; it fixes names and shape.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case clip = "clip_vision_model"
        case siglip = "siglip_vision_model"
        case dinov2
        case dinov2WithRegisters = "dinov2_with_registers"
    }

    public var kind: Kind
    /// D
    public var hiddenSize: Int
    public var layers: Int
    /// H
    public var heads: Int
    /// F: inner size of the feed-forward network.
    public var intermediateSize: Int
    /// Side of the images whose positions were trained, in pixels.
    public var imageSize: Int
    /// Side of a patch in pixels.
    public var patchSize: Int
    public var channels: Int
    public var activation: Activation
    public var normEpsilon: Double
    /// Whether q, k and v have biases.
    public var attentionBias: Bool
    /// Whether the feed-forward network is gated.
    public var isGated: Bool
    /// Rows between the class token and the patches.
    public var registers: Int

    /// Whether a learned row stands before the patches.
    public var hasClassToken: Bool { kind != .siglip }

    /// Patches of the images whose positions were trained.
    var trainedPatches: Int { (imageSize / patchSize) * (imageSize / patchSize) }

    /// Rows before the patches.
    var leadingRows: Int { (hasClassToken ? 1 : 0) + registers }

    /// - Throws: ``FormatError`` when sizes are not positive or do not fit each other.
    func validated(in json: ConfigurationFile) throws(FormatError) -> Self {
        let sizes = [
            ("hidden_size", hiddenSize), ("num_hidden_layers", layers),
            ("num_attention_heads", heads), ("intermediate_size", intermediateSize),
            ("image_size", imageSize), ("patch_size", patchSize), ("num_channels", channels),
        ]
        for (key, value) in sizes where value < 1 || value > 1 << 20 {
            throw json.error(key, "\(value) is no usable size")
        }
        guard hiddenSize % heads == 0 else {
            throw json.error("hidden_size", "\(hiddenSize) is no multiple of \(heads) heads")
        }
        guard imageSize >= patchSize else {
            throw json.error("image_size", "\(imageSize) is less than one patch")
        }
        guard (0...1024).contains(registers) else {
            throw json.error("num_register_tokens", "\(registers) is no usable number")
        }
        guard normEpsilon > 0, normEpsilon.isFinite else {
            throw json.error("layer_norm_eps", "\(normEpsilon) is not a positive number")
        }
        return self
    }
}
