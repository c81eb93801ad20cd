import FileFormats
import Records

extension ModelFamily {
    /// `LlamaConfig`: Llama 2 to 3.2, TinyLlama, SmolLM and SmolLM2.
    static let llama = ModelFamily(
        type: "llama",
        defaults: ConfigurationDefaults(
            sizes: .init(
                vocabulary: 32_000, hidden: 4096, intermediate: 11_008, layers: 32, heads: 32),
            maximumPositions: 2048),
        keys: [.activation(), .attentionBias, .feedForwardBias],
        gguf: GGUFDescription(architecture: "llama", interleavesHeads: true))

    /// `SmolLM3Config`: Llama with layers that know no positions, every fourth as a rule.
    static let smolLM3 = ModelFamily(
        type: "smollm3",
        defaults: ConfigurationDefaults(
            sizes: .init(
                vocabulary: 128_256, hidden: 2048, intermediate: 11_008, layers: 36, heads: 16,
                keyValueHeads: 4),
            ropeTheta: 2_000_000, maximumPositions: 32_768, tiedEmbeddings: true),
        keys: [.activation(), .attentionBias, .feedForwardBias, .layersWithoutRotary],
        gguf: GGUFDescription(architecture: "smollm3", interleavesHeads: true) { _, decoder in
            decoder.layersWithoutRotary = everyFourth(decoder.layers)
        })

    fileprivate static func everyFourth(_ layers: Int) -> Set<Int> {
        Set(stride(from: 3, to: layers, by: 4))
    }
}

extension ConfigurationKey {
    /// One number a layer: 0 where positions are not known.
    fileprivate static let layersWithoutRotary = ConfigurationKey("no_rope_layers") {
        json, key, decoder throws(FormatError) in
        guard json.has(key) else {
            let interval = try json.integer("no_rope_layer_interval", else: 4)
            guard interval > 0 else {
                throw json.error("no_rope_layer_interval", "\(interval) is not positive")
            }
            let all = stride(from: interval - 1, to: decoder.layers, by: interval)
            decoder.layersWithoutRotary = Set(all)
            return
        }
        let flags = try json.integers(key, else: [])
        guard flags.count == decoder.layers else {
            throw json.error(key, "has \(flags.count) entries for \(decoder.layers) layers")
        }
        decoder.layersWithoutRotary = Set(flags.indices.filter { flags[$0] == 0 })
    } write: { decoder in
        .array(
            (0..<decoder.layers).map {
                .integer(decoder.layersWithoutRotary.contains($0) ? 0 : 1)
            })
    }
}
