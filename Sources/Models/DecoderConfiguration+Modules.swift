import Checkpoints

extension DecoderConfiguration {
    /// The names of all weights in a text model's own folder.
    var tensorNames: [String] {
        let ends: [DecoderNames.Module] = [.embedding, .norm] + (tiedEmbeddings ? [] : [.head])
        let outer = ends.flatMap { tensorNames(names.path($0), bias: hasBias($0)) }
        return outer
            + (0..<layers).flatMap { layer in
                layerModules.flatMap {
                    tensorNames(names.path($0, layer: layer), bias: hasBias($0))
                }
            }
    }

    /// What every block has.
    private var layerModules: [DecoderNames.Module] {
        let attention: [DecoderNames.Module] = [.query, .key, .value, .attentionOutput]
        let heads: [DecoderNames.Module] = block.normalisesHeads ? [.queryNorm, .keyNorm] : []
        let network: [DecoderNames.Module] = block.isGated ? [.gate, .up, .down] : [.up, .down]
        let norms: [DecoderNames.Module] =
            switch block.arrangement {
            case .sequential: [.attentionNorm, .feedForwardNorm]
            case .normsBehind:
                [.attentionNorm, .attentionPostNorm, .feedForwardNorm, .feedForwardPostNorm]
            case .parallel: [.attentionNorm]
            }
        return attention + heads + network + norms
    }

    private func hasBias(_ module: DecoderNames.Module) -> Bool {
        switch module {
        case .query, .key, .value: block.attentionBias
        case .attentionOutput: block.attentionOutputBias
        case .gate, .up, .down: block.feedForwardBias
        case .queryNorm, .keyNorm: false
        default: module.isNorm && block.norm == .meanAndVariance
        }
    }

    private func tensorNames(_ module: String, bias: Bool) -> [String] {
        ["\(module).weight"] + (bias ? ["\(module).bias"] : [])
    }
}
