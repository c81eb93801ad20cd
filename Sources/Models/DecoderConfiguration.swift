import Checkpoints
import FileFormats
import Layers

/// What one decoder is: its sizes, how its blocks are put together, what its modules are called.
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
    /// Whether embeddings are multiplied by sqrt(D) on their way into the first block.
    public var scalesEmbeddings = false
    public var block = BlockDescription()
    /// Layers whose attention knows no positions.
    public var layersWithoutRotary: Set<Int> = []
    /// How many of a head's d / 2 frequencies turn with a token's position in time, height and
    /// width (M-RoPE, arXiv:2409.12191); nil where all turn with one position.
    public var multimodalSections: [Int]?
    public var names = DecoderNames.llama

    /// Output sizes of q, k and v.
    var projections: [Int] { [heads, keyValueHeads, keyValueHeads].map { $0 * headSize } }

    /// How many numbers at the start of a head are rotated.
    var rotatedSize: Int { Int(Double(headSize) * block.rotaryShare) }

    /// What q k^T is multiplied with.
    var attentionScale: Double { block.attentionScale ?? 1 / Double(headSize).squareRoot() }

    /// - Parameter epsilonKey: where the norms' epsilon was read.
    /// - Throws: ``FormatError`` when sizes are not positive or do not fit each other.
    func validated(
        in file: String, epsilonKey: String
    ) throws(FormatError) -> DecoderConfiguration {
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
        for (key, value) in [(epsilonKey, normEpsilon), ("rope_theta", ropeTheta)]
        where !(value > 0 && value.isFinite) {
            throw FormatError(file: file, item: key, reason: "\(value) is not a positive number")
        }
        guard (2...headSize).contains(rotatedSize), rotatedSize % 2 == 0 else {
            throw FormatError(
                file: file, item: "partial_rotary_factor",
                reason: "\(block.rotaryShare) of \(headSize) is no even part of a head")
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
            factors.count != rotatedSize / 2
                ? "\(factors.count) factors for heads of size \(rotatedSize)"
                : factors.allSatisfy { $0 > 0 } ? nil : "a factor is not positive"
        }
    }
}
