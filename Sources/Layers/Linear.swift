import Torch

/// A frozen linear layer, or several that share an input, each with places for adapters.
///
/// Layers that read the same input (q, k, v; gate, up) are kept as one weight, so that they are
/// one product; their names and adapters stay apart.
public final class Linear {
    /// One named layer and its rows in the shared weight.
    public struct Part {
        /// The module's path as in the checkpoint, such as `model.layers.0.self_attn.q_proj`.
        public let path: String
        public let rows: Range<Int>
        public internal(set) var adapters: [AdapterName: LowRankAdapter] = [:]
    }

    /// [out]
    public let bias: Tensor?
    public private(set) var parts: [Part]
    /// The weight without adapters.
    private let base: FrozenWeight
    private var merged: (name: AdapterName, weight: FrozenWeight)?
    private var sets: [AdapterName: AdapterSet] = [:]
    private var copies: [AdapterName: TrainedLayer] = [:]
    private let state: AdapterState

    /// - Parameters:
    ///   - weight: the parts' weights below each other, [sum of outputs, in].
    ///   - parts: paths and numbers of outputs, in the order of the weight.
    public init(
        weight: Tensor, bias: Tensor? = nil, parts: [(path: String, outputs: Int)],
        state: AdapterState
    ) {
        base = FrozenWeight(weight)
        self.bias = bias
        self.state = state
        var start = 0
        self.parts = parts.map { part in
            defer { start += part.outputs }
            return Part(path: part.path, rows: start..<(start + part.outputs))
        }
        precondition(start == weight.size(0), "parts of \(start) rows in a weight \(weight.shape)")
    }

    /// The weight, with an adapter in it while one is merged.
    public var weight: FrozenWeight { merged?.weight ?? base }

    /// Size of the input.
    public var inputs: Int { base.inputs }

    /// Puts an adapter on part `index`, replacing the one of that name.
    public func attach(
        _ adapter: LowRankAdapter, to index: Int, name: AdapterName = .default
    ) {
        precondition(merged?.name != name, "attach to a merged layer")
        parts[index].adapters[name] = adapter
        sets[name] = AdapterSet(name, of: parts)
        state.register(name)
    }

    /// Puts a whole layer in this one's place while that name is active. A layer of several parts
    /// cannot be replaced.
    public func attach(_ copy: TrainedLayer, name: AdapterName = .default) {
        precondition(parts.count == 1, "a copy of \(parts.count) layers at once")
        precondition(copy.weight.shape == base.shape && (copy.bias == nil) == (bias == nil))
        copies[name] = copy
        state.register(name)
    }

    /// Trains a copy of this layer in its place while that name is active.
    public func trainCopy(_ name: AdapterName = .default) {
        attach(TrainedLayer(weight: base.matrix, bias: bias), name: name)
    }

    /// The layer that is trained in this one's place under a name.
    public func copy(_ name: AdapterName) -> TrainedLayer? { copies[name] }

    /// Whether anything of the active adapter is trained here.
    public var isAdapted: Bool {
        guard let name = state.active else { return false }
        return sets[name] != nil || copies[name] != nil
    }

    /// Takes the adapters and the copy of that name off all parts.
    public func detach(_ name: AdapterName) {
        precondition(merged?.name != name, "detach from a merged layer")
        for index in parts.indices { parts[index].adapters[name] = nil }
        sets[name] = nil
        copies[name] = nil
    }

    /// x [T, in] -> [T, out].
    public func callAsFunction(_ x: Tensor) -> Tensor {
        guard let name = state.active else { return base.project(x, bias: bias) }
        if let copy = copies[name] { return copy(x) }
        if let merged, merged.name == name { return merged.weight.project(x, bias: bias) }
        guard let set = sets[name] else { return base.project(x, bias: bias) }
        let mask = dropoutMask(x, set.dropout)
        // With dropout, too, a block that is recomputed runs first without gradients.
        if mask == nil, !gradientsAreRecorded {
            return x.loraLinear(base.stored, bias: bias, packed: set.packed(for: base))
        }
        return x.loraLinear(
            base.stored, bias: bias, mask: mask, starts: set.starts, scales: set.scales, a: set.a,
            b: set.b)
    }

    /// Adds the adapters of one name into the weights; with them active, the layer then costs
    /// what it did without. One name at a time; the others go on beside the weight of before.
    public func merge(_ name: AdapterName = .default) {
        if merged?.name == name { return }
        merged = nil
        guard sets[name] != nil else { return }
        let sum = base.matrix.to(.float32) + 0
        for part in parts {
            guard let adapter = part.adapters[name] else { continue }
            sum.slice(0, part.rows).add_(adapter.update)
        }
        merged = (name, FrozenWeight(sum.to(base.dtype)))
    }

    /// Takes the adapters out again; the weight is what it was, bit by bit.
    public func unmerge() { merged = nil }

    /// One mask for all parts of the layer: they share the input. PEFT draws one for each.
    private func dropoutMask(_ x: Tensor, _ p: Double) -> Tensor? {
        guard p > 0, let generator = state.dropoutGenerator else { return nil }
        let mask = Tensor.empty(x.shape, .float32).bernoulli(1 - p, generator: generator)
        return (mask * (1 / (1 - p))).to(x.dtype).to(x.device)
    }
}
