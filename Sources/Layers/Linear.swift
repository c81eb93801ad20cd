import Torch

/// A frozen linear layer, or several that share an input, each with a place for an adapter.
///
/// Layers that read the same input (q, k, v; gate, up) are kept as one weight, so that they are
/// one product; their names and adapters stay apart.
public final class Linear {
    /// One named layer and its rows in the shared weight.
    public struct Part {
        /// The module's path as in the checkpoint, such as `model.layers.0.self_attn.q_proj`.
        public let path: String
        public let rows: Range<Int>
        public internal(set) var adapter: LowRankAdapter?
    }

    /// [out, in]
    public private(set) var weight: Tensor
    /// [out]
    public let bias: Tensor?
    public private(set) var parts: [Part]
    private let state: AdapterState
    /// The weight before ``merge()``, so that unmerging restores every bit.
    private var unmerged: Tensor?
    private var cache: (versions: [Int], pair: (a: Tensor, b: Tensor))?

    /// - Parameters:
    ///   - weight: the parts' weights below each other, [sum of outputs, in].
    ///   - parts: paths and numbers of outputs, in the order of the weight.
    public init(
        weight: Tensor, bias: Tensor? = nil, parts: [(path: String, outputs: Int)],
        state: AdapterState
    ) {
        self.weight = weight
        self.bias = bias
        self.state = state
        var start = 0
        self.parts = parts.map { part in
            defer { start += part.outputs }
            return Part(path: part.path, rows: start..<(start + part.outputs))
        }
        precondition(start == weight.size(0), "parts of \(start) rows in a weight \(weight.shape)")
    }

    /// Size of the input.
    public var inputs: Int { weight.size(1) }

    /// Puts an adapter on part `index`, replacing the one there.
    public func attach(_ adapter: LowRankAdapter, to index: Int) {
        precondition(unmerged == nil, "attach to a merged layer")
        parts[index].adapter = adapter
        cache = nil
    }

    /// x [T, in] -> [T, out].
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let active = state.isEnabled && unmerged == nil ? parts.filter { $0.adapter != nil } : []
        if active.isEmpty { return x.projected(currentWeight, bias: bias) }
        let adapters = active.compactMap(\.adapter)
        let mask = dropoutMask(x, adapters[0].settings.dropout)
        // With dropout, too, a block that is recomputed runs first without gradients.
        if mask == nil, !gradientsAreRecorded {
            return x.loraLinear(weight, bias: bias, packed: packed(active, adapters))
        }
        return x.loraLinear(
            weight, bias: bias, mask: mask,
            starts: active.map(\.rows.lowerBound), scales: adapters.map(\.settings.scale),
            a: adapters.map(\.a), b: adapters.map(\.b))
    }

    /// Adds the adapters into the weight; the layer then costs what it did without them.
    public func merge() {
        guard unmerged == nil, parts.contains(where: { $0.adapter != nil }) else { return }
        let merged = weight.to(.float32) + 0
        for part in parts {
            guard let adapter = part.adapter else { continue }
            merged.slice(0, part.rows).add_(adapter.update)
        }
        unmerged = weight
        weight = merged.to(weight.dtype)
    }

    /// Takes the adapters out again; the weight is what it was, bit by bit.
    public func unmerge() {
        guard let before = unmerged else { return }
        weight = before
        unmerged = nil
    }

    /// While merged, the adapters are off only with the weight of before.
    private var currentWeight: Tensor { state.isEnabled ? weight : unmerged ?? weight }

    /// The adapters in the form that passes without gradients take, made anew when they changed.
    private func packed(_ active: [Part], _ adapters: [LowRankAdapter]) -> (a: Tensor, b: Tensor) {
        let versions = adapters.flatMap { [$0.a.version, $0.b.version] }
        if let cache, cache.versions == versions { return cache.pair }
        let pair = Tensor.packAdapters(
            for: weight, starts: active.map(\.rows.lowerBound),
            scales: adapters.map(\.settings.scale), a: adapters.map(\.a), b: adapters.map(\.b))
        cache = (versions, pair)
        return pair
    }

    /// One mask for all parts of the layer: they share the input. PEFT draws one for each.
    private func dropoutMask(_ x: Tensor, _ p: Double) -> Tensor? {
        guard p > 0, let generator = state.dropoutGenerator else { return nil }
        let mask = Tensor.empty(x.shape, .float32).bernoulli(1 - p, generator: generator)
        return (mask * (1 / (1 - p))).to(x.dtype).to(x.device)
    }
}
