import FileFormats

/// What a configuration class of transformers (5.23) assumes where a `config.json` is silent, and
/// what its model class fixes.
struct DecoderFamily: Sendable {
    /// Sizes of the model that a class is named after.
    struct Sizes: Sendable {
        let vocabulary: Int
        let hidden: Int
        let intermediate: Int
        let layers: Int
        let heads: Int
        /// nil: as many as heads.
        let keyValueHeads: Int?
    }

    var sizes: Sizes?
    var normEpsilon = 1e-6
    var ropeTheta = 10_000.0
    let maximumPositions: Int
    /// Whether q, k and v have biases and the output has none; nil where the file says it of all.
    var attentionBias: Bool?
    /// Set where positions are in time, height and width.
    var multimodalSections: [Int]?

    /// `LlamaConfig`
    static let llama = DecoderFamily(
        sizes: Sizes(
            vocabulary: 32_000, hidden: 4096, intermediate: 11_008, layers: 32, heads: 32,
            keyValueHeads: nil),
        maximumPositions: 2048)

    /// `Qwen2Config`
    static let qwen2 = DecoderFamily(
        sizes: Sizes(
            vocabulary: 151_936, hidden: 4096, intermediate: 22_016, layers: 32, heads: 32,
            keyValueHeads: 32),
        maximumPositions: 32_768, attentionBias: true)

    /// `Qwen2VLTextConfig` and `Qwen2_5_VLTextConfig`
    static let qwenVision = DecoderFamily(
        sizes: Sizes(
            vocabulary: 152_064, hidden: 8192, intermediate: 29_568, layers: 80, heads: 64,
            keyValueHeads: 8),
        normEpsilon: 1e-5, ropeTheta: 1_000_000, maximumPositions: 32_768, attentionBias: true,
        multimodalSections: [16, 24, 24])

    /// The family of a text model.
    ///
    /// - Parameter fallback: the `model_type` of a file without one.
    /// - Throws: ``FormatError`` for any other.
    init(_ json: ConfigurationFile, else fallback: String?) throws(FormatError) {
        let type = json.values["model_type"]?.string ?? fallback ?? "none"
        switch type {
        case "llama": self = .llama
        case "qwen2": self = .qwen2
        default:
            throw json.error("model_type", "'\(type)' is not supported; llama and qwen2 are")
        }
    }

    private init(
        sizes: Sizes, normEpsilon: Double = 1e-6, ropeTheta: Double = 10_000,
        maximumPositions: Int, attentionBias: Bool? = nil, multimodalSections: [Int]? = nil
    ) {
        self.sizes = sizes
        self.normEpsilon = normEpsilon
        self.ropeTheta = ropeTheta
        self.maximumPositions = maximumPositions
        self.attentionBias = attentionBias
        self.multimodalSections = multimodalSections
    }

    /// A model's own file must say how large it is; transformers would build one of 7 billion
    /// weights.
    var withoutSizes: DecoderFamily {
        var copy = self
        copy.sizes = nil
        return copy
    }
}
