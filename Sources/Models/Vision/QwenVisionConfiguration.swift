import FileFormats

/// What distinguishes the towers of Qwen2-VL (arXiv:2409.12191) and Qwen2.5-VL (arXiv:2502.13923).
public struct QwenVisionConfiguration: Sendable, Hashable {
    /// D
    public var hiddenSize: Int
    public var layers: Int
    /// H
    public var heads: Int
    /// F: inner size of the feed-forward network.
    public var intermediateSize: Int
    /// Numbers of a token for the language model.
    public var outputWidth: Int
    public var patchSize: Int
    /// Frames of one patch.
    public var temporalPatchSize: Int
    public var channels: Int
    /// Side of the square of patches that become one token.
    public var mergeSize: Int
    public var activation: Activation
    public var ropeTheta: Double
    /// Attention within windows; nil where every layer looks at the whole image.
    public var windows: Windows?

    /// Qwen2.5-VL's windows; with them come RMSNorm and a gated network.
    public struct Windows: Sendable, Hashable {
        /// Side of a window in pixels.
        public var size: Int
        /// Layers that look at the whole image.
        public var fullLayers: Set<Int>
    }

    /// Numbers of one patch of pixels.
    var patchWidth: Int { channels * temporalPatchSize * patchSize * patchSize }

    /// Side of a window in tokens.
    func windowSide(_ windows: Windows) -> Int { windows.size / mergeSize / patchSize }

    /// - Throws: ``FormatError`` when sizes are not positive or do not fit each other.
    func validated(in json: ConfigurationFile) throws(FormatError) -> Self {
        let sizes = [
            ("hidden_size", hiddenSize), ("depth", layers), ("num_heads", heads),
            ("intermediate_size", intermediateSize), ("out_hidden_size", outputWidth),
            ("patch_size", patchSize), ("temporal_patch_size", temporalPatchSize),
            ("in_channels", channels), ("spatial_merge_size", mergeSize),
            ("window_size", windows.map(windowSide) ?? 1),
        ]
        for (key, value) in sizes where value < 1 || value > 1 << 20 {
            throw json.error(key, "\(value) is no usable size")
        }
        guard hiddenSize % (heads * 4) == 0 else {
            throw json.error(
                "num_heads", "\(heads) heads of \(hiddenSize) have no halves for rows and columns")
        }
        guard ropeTheta > 0, ropeTheta.isFinite else {
            throw json.error("rope_theta", "\(ropeTheta) is not a positive number")
        }
        return self
    }
}
