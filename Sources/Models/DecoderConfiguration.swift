import FileFormats
import Layers

/// What distinguishes one decoder of the Llama family from another.
public struct DecoderConfiguration: Sendable, Hashable {
    public var vocabularySize: Int
    /// D
    public var hiddenSize: Int
    public var layers: Int
    /// H
    public var heads: Int
    /// KV: heads of keys and values; H is a multiple.
    public var keyValueHeads: Int
    /// d: size of one head.
    public var headSize: Int
    /// F: inner size of the feed-forward network.
    public var intermediateSize: Int
    public var normEpsilon: Double
    public var ropeTheta: Double
    public var ropeScaling: RotaryScaling?
    /// Longest sequence the model was trained for, in tokens.
    public var maximumPositions: Int
    /// Whether the output layer is the embedding.
    public var tiedEmbeddings: Bool
    /// Whether q, k and v have biases.
    public var attentionBias: Bool
    /// Whether the output of attention has one.
    public var attentionOutputBias: Bool
    public var feedForwardBias: Bool
    /// How many of a head's d / 2 frequencies turn with a token's position in time, height and
    /// width (M-RoPE, arXiv:2409.12191); nil where all turn with one position.
    public var multimodalSections: [Int]?

    /// Output sizes of q, k and v.
    var projections: [Int] { [heads, keyValueHeads, keyValueHeads].map { $0 * headSize } }

    /// - Throws: ``FormatError`` when sizes are not positive or do not fit each other.
    func validated(in file: String) throws(FormatError) -> DecoderConfiguration {
        let sizes = [
            ("vocab_size", vocabularySize), ("hidden_size", hiddenSize),
            ("num_hidden_layers", layers), ("num_attention_heads", heads),
            ("num_key_value_heads", keyValueHeads), ("head_dim", headSize),
            ("intermediate_size", intermediateSize), ("max_position_embeddings", maximumPositions),
        ]
        for (key, value) in sizes where value < 1 || value > 1 << 24 {
            throw FormatError(file: file, item: key, reason: "\(value) is no usable size")
        }
        guard heads % keyValueHeads == 0 else {
            throw FormatError(
                file: file, item: "num_key_value_heads",
                reason: "\(heads) heads cannot share \(keyValueHeads) key-value heads")
        }
        guard headSize % 2 == 0 else {
            throw FormatError(file: file, item: "head_dim", reason: "\(headSize) is odd")
        }
        for (key, value) in [("rms_norm_eps", normEpsilon), ("rope_theta", ropeTheta)]
        where !(value > 0 && value.isFinite) {
            throw FormatError(file: file, item: key, reason: "\(value) is not a positive number")
        }
        if let sections = multimodalSections, !fits(sections) {
            throw FormatError(
                file: file, item: "rope_scaling.mrope_section",
                reason: "\(sections) are not the \(headSize / 2) frequencies of a head")
        }
        if let reason = scalingFault { throw FormatError(file: file, item: "rope", reason: reason) }
        return self
    }

    private func fits(_ sections: [Int]) -> Bool {
        sections.count == 3 && sections.allSatisfy { (0...headSize).contains($0) }
            && sections.reduce(0, +) * 2 == headSize
    }

    /// What is wrong with the scaling of the rotary angles.
    private var scalingFault: String? {
        switch ropeScaling {
        case nil: nil
        case .linear(let factor): factor > 0 ? nil : "the factor \(factor) is not positive"
        case .llama3(_, let low, let high, _):
            low < high ? nil : "the low frequency factor \(low) is not below the high one, \(high)"
        case .factors(let factors):
            factors.count != headSize / 2
                ? "\(factors.count) factors for heads of size \(headSize)"
                : factors.allSatisfy { $0 > 0 } ? nil : "a factor is not positive"
        }
    }
}
