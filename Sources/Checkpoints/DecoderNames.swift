/// What the modules of a decoder are called in Hugging Face's folders and in llama.cpp's files.
/// Either name of a tensor follows from the other.
public struct DecoderNames: Sendable, Hashable {
    /// A module with weights: the first three stand once, the others in every layer.
    public enum Module: Sendable, CaseIterable {
        case embedding, norm, head
        case attentionNorm, query, key, value, queryNorm, keyNorm, attentionOutput
        case attentionPostNorm
        case feedForwardNorm, gate, up, down, feedForwardPostNorm

        var isInLayer: Bool { ![.embedding, .norm, .head].contains(self) }

        /// Whether it is a normalisation.
        public var isNorm: Bool {
            [
                .norm, .attentionNorm, .queryNorm, .keyNorm, .attentionPostNorm, .feedForwardNorm,
                .feedForwardPostNorm,
            ].contains(self)
        }
    }

    private struct Pair: Sendable, Hashable {
        let huggingFace: String
        let gguf: String
    }

    private var pairs: [Module: Pair] = [:]

    /// Llama's names, which most families took over.
    public static let llama = DecoderNames().replacing([
        .embedding: ("embed_tokens", "token_embd"), .norm: ("norm", "output_norm"),
        .head: ("lm_head", "output"), .attentionNorm: ("input_layernorm", "attn_norm"),
        .query: ("self_attn.q_proj", "attn_q"), .key: ("self_attn.k_proj", "attn_k"),
        .value: ("self_attn.v_proj", "attn_v"), .queryNorm: ("self_attn.q_norm", "attn_q_norm"),
        .keyNorm: ("self_attn.k_norm", "attn_k_norm"),
        .attentionOutput: ("self_attn.o_proj", "attn_output"),
        .feedForwardNorm: ("post_attention_layernorm", "ffn_norm"),
        .gate: ("mlp.gate_proj", "ffn_gate"), .up: ("mlp.up_proj", "ffn_up"),
        .down: ("mlp.down_proj", "ffn_down"),
    ])

    private init() {}

    /// These names but for some modules.
    ///
    /// - Parameter changes: the name in Hugging Face's folders, within its layer, and llama.cpp's.
    public func replacing(
        _ changes: [Module: (huggingFace: String, gguf: String)]
    ) -> DecoderNames {
        var copy = self
        for (module, names) in changes {
            copy.pairs[module] = Pair(huggingFace: names.huggingFace, gguf: names.gguf)
        }
        return copy
    }

    /// Hugging Face's name of a module that the family has: within its layer, or below the body;
    /// the head's is below the root.
    public subscript(module: Module) -> String {
        guard let pair = pairs[module] else { preconditionFailure("no name for \(module)") }
        return pair.huggingFace
    }

    /// Hugging Face's path of a module in a text model, such as `model.layers.3.mlp.up_proj`.
    public func path(_ module: Module, layer: Int = 0) -> String {
        switch module {
        case .head: self[module]
        case _ where module.isInLayer: "model.layers.\(layer).\(self[module])"
        default: "model.\(self[module])"
        }
    }

    /// `model.layers.3.mlp.up_proj.weight` -> `blk.3.ffn_up.weight`; nil where it names no tensor
    /// of a decoder.
    public func gguf(of name: String) -> String? {
        guard let place = place(ofHuggingFace: name), let pair = pairs[place.module] else {
            return nil
        }
        return (place.layer.map { "blk.\($0)." } ?? "") + "\(pair.gguf).\(place.kind)"
    }

    /// `blk.3.ffn_up.weight` -> `model.layers.3.mlp.up_proj.weight`; nil where it names no tensor
    /// of a decoder.
    public func huggingFace(of name: String) -> String? {
        let parts = Parts(name, layers: "blk.")
        guard let parts, let module = module(parts, \.gguf) else { return nil }
        return path(module, layer: parts.layer ?? 0) + ".\(parts.kind)"
    }

    /// The module of a tensor by its name in Hugging Face's folders.
    func module(ofHuggingFace name: String) -> Module? { place(ofHuggingFace: name)?.module }

    private func place(
        ofHuggingFace name: String
    ) -> (module: Module, layer: Int?, kind: Substring)? {
        guard var parts = Parts(name, layers: "model.layers.") else { return nil }
        let isInBody = parts.path.hasPrefix("model.")
        if isInBody { parts.path = parts.path.dropFirst("model.".count) }
        guard let module = module(parts, \.huggingFace),
            isInBody == (module == .embedding || module == .norm)
        else { return nil }
        return (module, parts.layer, parts.kind)
    }

    private func module(_ parts: Parts, _ name: KeyPath<Pair, String>) -> Module? {
        Module.allCases.first {
            $0.isInLayer == (parts.layer != nil)
                && pairs[$0].map { pair in pair[keyPath: name] == parts.path } == true
        }
    }

    /// A tensor's name in its parts: the layer, the module within it, and weight or bias.
    private struct Parts {
        var layer: Int?
        var path: Substring
        let kind: Substring

        init?(_ name: String, layers: String) {
            guard let end = name.lastIndex(of: ".") else { return nil }
            path = name[..<end]
            kind = name[name.index(after: end)...]
            guard path.hasPrefix(layers) else { return }
            path = path.dropFirst(layers.count)
            guard let dot = path.firstIndex(of: "."), let layer = Int(path[..<dot]) else {
                return nil
            }
            self.layer = layer
            path = path[path.index(after: dot)...]
        }
    }
}
