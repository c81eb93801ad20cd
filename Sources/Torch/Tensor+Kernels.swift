// Operators of this project: CPU kernels in CTorch, compositions of libtorch's operators elsewhere.

extension Tensor {
    /// silu(gate) * up for self [..., 2 F] = gate | up (arXiv:2002.05202); [..., F].
    public func swiglu() -> Tensor { Operators.swiglu(.tensor(self)) }

    /// self [T, W] with its first `heads` heads rotated by the angles whose cosine and sine
    /// [T, size / 2], f32, are given (arXiv:2104.09864); the rest of each row is copied.
    public func rotary(cosine: Tensor, sine: Tensor, heads: Int, size: Int) -> Tensor {
        Operators.rotary(
            .tensor(self), .tensor(cosine), .tensor(sine), .int(heads), .int(size))
    }

    /// x / sqrt(mean(x^2) + epsilon) * weight over the last dimension (arXiv:1910.07467). The weight
    /// gets no gradient.
    public func rmsNorm(_ weight: Tensor, epsilon: Double) -> Tensor {
        Operators.rmsNorm(.tensor(self), .tensor(weight), .double(epsilon))
    }

    /// x W^T + bias with scale_i (x * mask) A_i^T B_i^T added to the output rows of part i
    /// (arXiv:2106.09685). The weight [out, in] gets no gradient.
    ///
    /// - Parameters:
    ///   - mask: dropout on the adapters' input, [T, in], already divided by 1 - p.
    ///   - starts: first output row of each part.
    ///   - a: A_i [r_i, in], f32.
    ///   - b: B_i [rows of part i, r_i], f32.
    public func loraLinear(
        _ weight: Tensor, bias: Tensor?, mask: Tensor?, starts: [Int], scales: [Double],
        a: [Tensor], b: [Tensor]
    ) -> Tensor {
        Operators.loraLinear(
            .tensor(self), .tensor(weight), .optional(bias), .optional(mask), .ints(starts),
            .doubles(scales), .tensors(a), .tensors(b))
    }

    /// self [T, in] times a frozen weight [out, in] transposed, plus bias. A row's result does not
    /// depend on the other rows, in any bit; the gradient flows to self alone.
    public func projected(_ weight: Tensor, bias: Tensor? = nil) -> Tensor {
        Operators.projection(.tensor(self), .tensor(weight), .optional(bias))
    }

    /// As ``projected(_:bias:)`` with a weight [out, in] and a bias [out], both f32, that get
    /// gradients too; the product is taken in self's dtype.
    public func trainedProjection(_ weight: Tensor, bias: Tensor?) -> Tensor {
        Operators.trainedLinear(.tensor(self), .tensor(weight), .optional(bias))
    }

    /// As ``loraLinear(_:bias:mask:starts:scales:a:b:)`` with adapters prepared by
    /// ``packAdapters(for:starts:scales:a:b:)``. Without gradients.
    public func loraLinear(_ weight: Tensor, bias: Tensor?, packed: (a: Tensor, b: Tensor))
        -> Tensor
    {
        Operators.loraLinearPacked(
            .tensor(self), .tensor(weight), .optional(bias), .tensor(packed.a), .tensor(packed.b))
    }

    /// All A_i below each other [R, in] and the scaled B_i on the diagonal of [out, R], in the
    /// weight's dtype.
    public static func packAdapters(
        for weight: Tensor, starts: [Int], scales: [Double], a: [Tensor], b: [Tensor]
    ) -> (a: Tensor, b: Tensor) {
        let pair = Operators.loraPack.all(
            .ints(starts), .doubles(scales), .tensors(a), .tensors(b), .tensor(weight))
        return (pair[0], pair[1])
    }

    /// Causal attention within each of the sequences that lie one after another in self.
    ///
    /// Self is [T, (H + 2 KV) d], queries | keys | values.
    ///
    /// - Parameters:
    ///   - lengths: rows of each sequence.
    ///   - prefixes: for each sequence the index of an earlier one that it continues, or -1. It
    ///     sees all of that one, which must not continue another itself, and has bit by bit the
    ///     values that it has in one piece with it. Nil: none continues another.
    /// - Returns: [T, H d].
    public func packedAttention(
        lengths: [Int], prefixes: [Int]? = nil, heads: Int, keyValueHeads: Int, scale: Double
    ) -> Tensor {
        Operators.packedAttention(
            .tensor(self), .ints(lengths), .ints(prefixes ?? lengths.map { _ in -1 }), .int(heads),
            .int(keyValueHeads), .double(scale))
    }

    /// As ``packedAttention(lengths:prefixes:heads:keyValueHeads:scale:)`` after `past` earlier
    /// tokens of each sequence, whose keys and values stand in its slot of the caches
    /// [slots, capacity, KV d]; the new ones are written there. Without gradients.
    public func cachedAttention(
        keys: Tensor, values: Tensor, slots: [Int], past: [Int], lengths: [Int], heads: Int,
        keyValueHeads: Int, scale: Double
    ) -> Tensor {
        Operators.cachedAttention(
            .tensor(self), .tensor(keys), .tensor(values), .ints(slots), .ints(past),
            .ints(lengths), .int(heads), .int(keyValueHeads), .double(scale))
    }

    /// Scores of the tokens that hidden states [N, D] are to predict, `chunk` rows of logits at a
    /// time: log p, entropy, and whether the target was the most probable token, each [N] in f32.
    /// The weight [V, D] gets no gradient.
    ///
    /// - Parameter scale: what the logits are multiplied with, in f32; above 0.
    public func tokenScores(
        weight: Tensor, targets: Tensor, chunk: Int, scale: Double = 1
    ) -> [Tensor] {
        Operators.tokenScores.all(
            .tensor(self), .tensor(weight), .tensor(targets), .int(chunk), .double(scale))
    }

    /// log p of one token for each row of logits [N, V], with the arithmetic of
    /// ``tokenScores(weight:targets:chunk:scale:)``; [N] in f32. Without gradients.
    public func logProbability(of targets: Tensor, scale: Double = 1) -> Tensor {
        Operators.logProbability(.tensor(self), .tensor(targets), .double(scale))
    }
}
