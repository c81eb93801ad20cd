import Checkpoints
import FileFormats
import Layers
import Torch

extension DecoderConfiguration {
    /// Reads the metadata of a GGUF file of a family. Which layers have biases is what tensors say.
    ///
    /// - Throws: ``FormatError`` that names the key.
    init(
        _ metadata: GGUFMetadata, _ family: ModelFamily, _ description: GGUFDescription
    ) throws(FormatError) {
        let names = family.names
        func shape(_ module: DecoderNames.Module, _ kind: String) -> [Int]? {
            names.gguf(of: "\(names.path(module)).\(kind)").flatMap { metadata.file[$0]?.shape }
        }
        let hidden = try metadata.integer("embedding_length")
        let heads = try metadata.integer("attention.head_count")
        var decoder = try DecoderConfiguration(
            vocabularySize: metadata.integer(
                "vocab_size", else: shape(.embedding, "weight")?.first),
            hiddenSize: hidden,
            layers: metadata.integer("block_count"), heads: heads,
            keyValueHeads: metadata.integer("attention.head_count_kv", else: heads),
            headSize: metadata.integer("attention.key_length", else: hidden / max(heads, 1)),
            intermediateSize: metadata.integer("feed_forward_length"),
            normEpsilon: metadata.number(description.normEpsilonKey, else: 1e-5),
            ropeTheta: metadata.number("rope.freq_base", else: 10_000),
            ropeScaling: metadata.ropeScaling(),
            maximumPositions: metadata.integer("context_length", else: 2048),
            tiedEmbeddings: shape(.head, "weight") == nil,
            scalesEmbeddings: family.scalesEmbeddings, block: family.block, names: names)
        decoder.block.attentionBias = shape(.query, "bias") != nil
        decoder.block.attentionOutputBias = shape(.attentionOutput, "bias") != nil
        decoder.block.feedForwardBias = shape(.up, "bias") != nil
        try description.read(metadata, &decoder)
        self = try decoder.validated(in: metadata.path, epsilonKey: "rms_norm_eps")
    }

    /// What has been done to the weights of such a file.
    func conversion(_ description: GGUFDescription) -> GGUFWeights.Conversion {
        var conversion = GGUFWeights.Conversion()
        if description.interleavesHeads { conversion.interleavedHeads = (heads, keyValueHeads) }
        // llama.cpp multiplies with what a file holds, whatever the family.
        if case .rootMeanSquare(let offset) = block.norm { conversion.normOffset = offset }
        return conversion
    }
}

extension GGUFMetadata {
    fileprivate func ropeScaling() throws(FormatError) -> RotaryScaling? {
        if let factors = file["rope_freqs.weight"] {
            let values = Tensor.empty([factors.elementCount])
            try values.fillMemory(as: Float.self) { buffer throws(FormatError) in
                try file.dequantize(factors, into: buffer)
            }
            return .factors(values.values(Float.self))
        }
        switch self["rope.scaling.type"]?.string ?? "none" {
        case "none": return nil
        case "linear": return .linear(factor: number("rope.scaling.factor", else: 1))
        case let type:
            throw error("rope.scaling.type", "'\(type)' is not supported; linear is")
        }
    }
}
