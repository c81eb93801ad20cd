import Checkpoints

/// Everything that a family of decoders has of its own, in one value.
///
/// ``ModelFamilies`` is the list of them; nothing else in the program names a family.
/// `Documentation/AddingAModel.md` shows how one is added.
public struct ModelFamily: Sendable {
    /// `model_type` in config.json.
    public let type: String
    /// What transformers' configuration class assumes where config.json is silent.
    var defaults: ConfigurationDefaults
    /// What the blocks of all models of the family have.
    var block = BlockDescription()
    /// Whether embeddings are multiplied by sqrt(D) on their way into the first block.
    var scalesEmbeddings = false
    /// Keys of config.json beside those of every decoder, in the order in which they are read.
    var keys: [ConfigurationKey] = []
    var names = DecoderNames.llama
    /// How llama.cpp writes the family; nil where it is read from folders alone.
    var gguf: GGUFDescription?
}

/// What a configuration class of transformers (5.23) assumes where a `config.json` is silent.
struct ConfigurationDefaults: Sendable {
    /// Sizes of the model that a class is named after; for the text part of a larger model only: a
    /// text model's own file must say how large it is.
    struct Sizes: Sendable {
        let vocabulary: Int
        let hidden: Int
        let intermediate: Int
        let layers: Int
        let heads: Int
        /// nil: as many as heads.
        var keyValueHeads: Int?
    }

    let sizes: Sizes
    /// d; nil: D / H.
    var headSize: Int?
    var normEpsilonKey = "rms_norm_eps"
    var normEpsilon = 1e-6
    var ropeTheta = 10_000.0
    let maximumPositions: Int
    var tiedEmbeddings = false
}
