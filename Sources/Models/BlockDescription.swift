/// How a decoder's blocks are put together: what tells one family's from another's.
public struct BlockDescription: Sendable, Hashable {
    /// How rows are normalised.
    public enum NormKind: Sendable, Hashable {
        /// x / rms(x) * (weight + offset); Gemma's weights are kept around 0, with an offset of 1.
        case rootMeanSquare(offset: Double)
        /// To mean 0 and variance 1, with weight and bias.
        case meanAndVariance
    }

    /// How attention and feed-forward network stand in a block.
    public enum Arrangement: Sendable, Hashable {
        /// x + attention(norm x), then x + feedForward(norm x).
        case sequential
        /// The same with two more norms, behind attention and behind the network (Gemma 2).
        case normsBehind
        /// x + attention(norm x) + feedForward(norm x) with one norm for both (GPT-J).
        case parallel
    }

    public var norm = NormKind.rootMeanSquare(offset: 0)
    public var arrangement = Arrangement.sequential
    public var activation = Activation.silu
    /// Whether the network is down(activation(gate x) * up x), not down(activation(up x)).
    public var isGated = true
    /// Whether q, k and v have biases.
    public var attentionBias = false
    /// Whether the output of attention has one.
    public var attentionOutputBias = false
    public var feedForwardBias = false
    /// Whether each head of q and of k has a root-mean-square norm before it is rotated.
    public var normalisesHeads = false
    /// What q k^T is multiplied with; nil: 1/sqrt(d).
    public var attentionScale: Double?
    /// The share of a head's numbers that is rotated, from its start.
    public var rotaryShare = 1.0
}
