import FileFormats

extension VisionTransformerConfiguration {
    /// Reads a tower's configuration; what it leaves out is as in transformers' classes.
    ///
    /// - Parameter defaults: sizes that a model's class puts in their place.
    init(_ json: ConfigurationFile, _ defaults: Defaults? = nil) throws(FormatError) {
        let name = try json.text("model_type", else: Kind.clip.rawValue)
        guard let kind = Kind(rawValue: name) else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw json.error("model_type", "'\(name)' is no tower; there are \(known)")
        }
        let defaults = defaults ?? Defaults(kind)
        let hidden = try json.integer("hidden_size", else: defaults.hidden)
        let isGated = kind.isDinov2 ? try json.flag("use_swiglu_ffn", else: false) : false
        let registers = kind == .dinov2WithRegisters
        self = try VisionTransformerConfiguration(
            kind: kind, hiddenSize: hidden,
            layers: json.integer("num_hidden_layers", else: defaults.layers),
            heads: json.integer("num_attention_heads", else: defaults.heads),
            intermediateSize: kind.isDinov2
                ? Self.inner(hidden, ratio: json.number("mlp_ratio", else: 4), gated: isGated)
                : json.integer("intermediate_size", else: defaults.intermediate),
            imageSize: json.side("image_size", else: defaults.image),
            patchSize: json.side("patch_size", else: defaults.patch),
            channels: json.integer("num_channels", else: 3),
            activation: json.activation("hidden_act", else: defaults.activation),
            normEpsilon: json.number("layer_norm_eps", else: kind == .clip ? 1e-5 : 1e-6),
            attentionBias: kind.isDinov2 ? json.flag("qkv_bias", else: true) : true,
            isGated: isGated,
            registers: registers ? json.integer("num_register_tokens", else: 4) : 0
        ).validated(in: json)
    }

    /// The inner size of DINOv2's networks: a gated one has two thirds, a multiple of 8.
    private static func inner(_ hidden: Int, ratio: Double, gated: Bool) -> Int {
        let size = Double(hidden) * ratio
        guard size < 1_048_576 else { return .max }
        let plain = Int(size)
        return gated ? (Int(Double(plain) * 2 / 3) + 7) / 8 * 8 : plain
    }

    /// Sizes where a file is silent.
    struct Defaults: Sendable {
        var hidden = 768
        var intermediate = 3072
        var layers = 12
        var heads = 12
        var image = 224
        var patch = 16
        var activation = Activation.gelu

        /// `CLIPVisionConfig`, `SiglipVisionConfig`, `Dinov2Config`, `Dinov2WithRegistersConfig`
        init(_ kind: Kind) {
            switch kind {
            case .clip: (patch, activation) = (32, .quickGelu)
            case .siglip: activation = .geluTanh
            case .dinov2: patch = 14
            case .dinov2WithRegisters: break
            }
        }

        /// The tower of `LlavaConfig`: CLIP ViT-L of 336 pixels.
        static var llava: Defaults {
            var defaults = Defaults(.clip)
            (defaults.hidden, defaults.intermediate) = (1024, 4096)
            (defaults.layers, defaults.heads) = (24, 16)
            (defaults.image, defaults.patch) = (336, 14)
            return defaults
        }
    }
}

extension VisionTransformerConfiguration.Kind {
    /// Whether it is DINOv2, with registers or without.
    var isDinov2: Bool { self == .dinov2 || self == .dinov2WithRegisters }
}

extension ConfigurationFile {
    /// The side of a square: a number, or two that are equal.
    func side(_ key: String, else fallback: Int) throws(FormatError) -> Int {
        let sides = try integers(key, else: [fallback])
        guard let side = sides.first, sides.count <= 2, sides.allSatisfy({ $0 == side }) else {
            throw error(key, "\(sides) is not the side of a square")
        }
        return side
    }
}
