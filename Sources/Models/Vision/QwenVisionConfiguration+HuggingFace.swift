import FileFormats

extension QwenVisionConfiguration {
    /// Reads the `vision_config` of Qwen2-VL; what it leaves out is as in `Qwen2VLVisionConfig`.
    init(qwen2 json: ConfigurationFile) throws(FormatError) {
        let width = try json.integer("embed_dim", else: 1280)
        self = try QwenVisionConfiguration(
            hiddenSize: width, layers: json.integer("depth", else: 32),
            heads: json.integer("num_heads", else: 16),
            intermediateSize: Int(Double(width) * json.number("mlp_ratio", else: 4)),
            outputWidth: json.integer("hidden_size", else: 3584),
            patchSize: json.side("patch_size", else: 14),
            temporalPatchSize: json.side("temporal_patch_size", else: 2),
            channels: json.integer("in_channels", else: json.integer("in_chans", else: 3)),
            mergeSize: json.integer("spatial_merge_size", else: 2),
            activation: json.activation("hidden_act", else: .quickGelu),
            ropeTheta: json.ropeTheta(else: 10_000), windows: nil
        ).validated(in: json)
    }

    /// Reads the `vision_config` of Qwen2.5-VL; what it leaves out is as in
    /// `Qwen2_5_VLVisionConfig`.
    init(qwen25 json: ConfigurationFile) throws(FormatError) {
        let full = try json.integers("fullatt_block_indexes", else: [7, 15, 23, 31])
        let windows = Windows(
            size: try json.integer("window_size", else: 112), fullLayers: Set(full))
        self = try QwenVisionConfiguration(
            hiddenSize: json.integer("hidden_size", else: 3584),
            layers: json.integer("depth", else: 32), heads: json.integer("num_heads", else: 16),
            intermediateSize: json.integer("intermediate_size", else: 3420),
            outputWidth: json.integer("out_hidden_size", else: 3584),
            patchSize: json.side("patch_size", else: 14),
            temporalPatchSize: json.side("temporal_patch_size", else: 2),
            channels: json.integer("in_channels", else: json.integer("in_chans", else: 3)),
            mergeSize: json.integer("spatial_merge_size", else: 2),
            activation: json.activation("hidden_act", else: .silu),
            ropeTheta: json.ropeTheta(else: 10_000), windows: windows
        ).validated(in: json)
        guard activation == .silu else {
            throw json.error("hidden_act", "'\(activation.rawValue)' is not supported; silu is")
        }
    }
}
