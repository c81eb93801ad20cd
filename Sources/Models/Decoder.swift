import Checkpoints
import FileFormats
import Layers
import Torch

/// A decoder-only language model of the Llama family.
public final class Decoder {
    public let configuration: DecoderConfiguration
    public let dtype: DType
    public let device: Device
    /// Which adapter takes part; shared by all layers.
    public let adapters = AdapterState()
    /// Recompute each block in the backward pass instead of keeping its activations.
    public var recomputesActivations = false

    private let embedding: Tensor
    private let blocks: [DecoderBlock]
    private let norm: RMSNorm
    private let head: Tensor
    private let rotary: RotaryEmbedding

    /// Loads a model's weights under Hugging Face's names.
    ///
    /// - Throws: ``FormatError`` that names the tensor which is missing or does not fit.
    public init(_ configuration: DecoderConfiguration, _ weights: WeightPath) throws(FormatError) {
        let model = weights["model"]
        let vocabulary = [configuration.vocabularySize, configuration.hiddenSize]
        embedding = try model["embed_tokens"].load("weight", vocabulary)
        head =
            try configuration.tiedEmbeddings
            ? embedding : weights["lm_head"].load("weight", vocabulary)
        norm = RMSNorm(
            weight: try model["norm"].load("weight", [configuration.hiddenSize]),
            epsilon: configuration.normEpsilon)
        var blocks: [DecoderBlock] = []
        for layer in 0..<configuration.layers {
            blocks.append(try DecoderBlock(configuration, model["layers"]["\(layer)"], adapters))
        }
        self.blocks = blocks
        rotary = RotaryEmbedding(
            size: configuration.headSize, theta: configuration.ropeTheta,
            scaling: configuration.ropeScaling, device: weights.device)
        self.configuration = configuration
        dtype = weights.dtype
        device = weights.device
    }

    /// Hidden states after the last norm, [T, D].
    ///
    /// - Parameter cached: slots that the sequences continue, in place of prefixes; their
    ///   positions must be those that follow. Gradients do not flow through a cache.
    public func hidden(_ batch: TokenBatch, continuing cached: CachedSequences? = nil) -> Tensor {
        precondition(
            cached == nil || batch.prefixes.allSatisfy { $0 < 0 }, "a prefix beside a cache")
        let padding = Self.padding(batch.tokens.count)
        let angles = rotary.angles(at: batch.positions + Array(repeating: 0, count: padding))
        let past = cached.map { sequences in sequences.slots.map { sequences.cache.counts[$0] } }
        let pass = ForwardPass(
            cosine: angles.cosine, sine: angles.sine, lengths: batch.lengths,
            prefixes: batch.prefixes, cached: cached, past: past ?? [])
        let tokens = batch.tokens + Array(repeating: 0, count: padding)
        var x = embedding.embedding(Tensor(tokens).to(device))
        for (layer, block) in blocks.enumerated() {
            x = run(block, x, pass, layer)
        }
        cached?.cache.advance(cached?.slots ?? [], by: batch.lengths)
        return norm(padding == 0 ? x : x.slice(0, 0..<batch.tokens.count))
    }

    /// Rows added to a pass: oneDNN compiles its products anew for every number of rows it meets,
    /// and keeps them all, so only few numbers are met. Few rows take a path of their own.
    private static func padding(_ rows: Int) -> Int { rows <= 16 ? 0 : (64 - rows % 64) % 64 }

    /// Scores of every vocabulary entry for hidden states [N, D]: [N, V] in f32.
    public func logits(_ hidden: Tensor) -> Tensor { hidden.projected(head).to(.float32) }

    /// The output layer's weight [V, D].
    public var outputWeight: Tensor { head }

    /// Every linear layer, in the order of the forward pass.
    public var linears: [Linear] {
        blocks.flatMap {
            [
                $0.attention.projection, $0.attention.output, $0.feedForward.gateUp,
                $0.feedForward.down,
            ]
        }
    }

    private func run(_ block: DecoderBlock, _ x: Tensor, _ pass: ForwardPass, _ layer: Int)
        -> Tensor
    {
        guard recomputesActivations, pass.cached == nil else { return block(x, pass, layer: layer) }
        // By the time of the backward pass another adapter may be active.
        let (name, dropout) = (adapters.active, adapters.dropoutGenerator)
        return recomputingInBackward(x, generator: dropout) { [adapters] x in
            adapters.with(name, dropout: dropout) { block(x, pass, layer: layer) }
        }
    }
}
