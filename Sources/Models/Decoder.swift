import Checkpoints
import FileFormats
import Layers
import Torch

/// A decoder-only language model, described by its configuration, and what it sees with, if
/// anything.
public final class Decoder {
    public let configuration: DecoderConfiguration
    public let dtype: DType
    public let device: Device
    /// Which adapter takes part; shared by all layers.
    public let adapters = AdapterState()
    /// Recompute each block, also of a tower, in the backward pass instead of keeping its
    /// activations.
    public var recomputesActivations = false {
        didSet { vision?.tower.recomputesActivations = recomputesActivations }
    }

    /// What sees: a tower and a projector; nil in a text model.
    public let vision: VisionModel?
    /// What earlier checkpoints and adapters called the modules.
    let earlierNames: WeightNames

    private let embedding: FrozenWeight
    let blocks: [DecoderBlock]
    private let norm: Norm
    private let head: FrozenWeight
    private let rotary: RotaryEmbedding
    /// What embeddings are multiplied by, in the weights' dtype; nil where by nothing.
    private let embeddingScale: Tensor?

    /// Loads a text model's weights under Hugging Face's names.
    ///
    /// - Throws: ``FormatError`` that names the tensor which is missing or does not fit.
    public convenience init(
        _ configuration: DecoderConfiguration, _ weights: WeightPath
    ) throws(FormatError) {
        try self.init(configuration, body: weights["model"], root: weights)
    }

    /// - Parameters:
    ///   - body: where embedding, layers and norm are.
    ///   - root: where the output layer is, unless it is the embedding.
    ///   - vision: makes what sees, whose adapters are switched with the decoder's.
    init(
        _ configuration: DecoderConfiguration, body: WeightPath, root: WeightPath,
        earlierNames: WeightNames = .unchanged,
        vision: (AdapterState) throws(FormatError) -> VisionModel? = { _ in nil }
    ) throws(FormatError) {
        let vocabulary = [configuration.vocabularySize, configuration.hiddenSize]
        let names = configuration.names
        embedding = FrozenWeight(try body[names[.embedding]].load("weight", vocabulary))
        head =
            configuration.tiedEmbeddings
            ? embedding : FrozenWeight(try root[names[.head]].load("weight", vocabulary))
        norm = try Norm(
            configuration.block.norm, body[names[.norm]], size: configuration.hiddenSize,
            epsilon: configuration.normEpsilon)
        var blocks: [DecoderBlock] = []
        for layer in 0..<configuration.layers {
            let weights = body["layers"]["\(layer)"]
            blocks.append(try DecoderBlock(configuration, weights, layer: layer, adapters))
        }
        self.blocks = blocks
        embeddingScale =
            configuration.scalesEmbeddings
            ? Tensor([Float(configuration.hiddenSize).squareRoot()]).to(body.dtype).to(body.device)
            : nil
        rotary = RotaryEmbedding(
            size: configuration.rotatedSize, theta: configuration.ropeTheta,
            scaling: configuration.ropeScaling, device: body.device)
        self.configuration = configuration
        self.earlierNames = earlierNames
        self.vision = try vision(adapters)
        dtype = body.dtype
        device = body.device
    }

    /// Hidden states after the last norm, [T, D].
    ///
    /// - Parameters:
    ///   - cached: slots that the sequences continue, in place of prefixes; their positions must be
    ///     those that follow. Gradients do not flow through a cache.
    ///   - images: what stands in the place of some tokens' embeddings; their ids are not looked
    ///     at, and may be any.
    public func hidden(
        _ batch: TokenBatch, continuing cached: CachedSequences? = nil, images: ImageRows? = nil
    ) -> Tensor {
        precondition(
            cached == nil || batch.prefixes.allSatisfy { $0 < 0 }, "a prefix beside a cache")
        let pass = pass(batch, continuing: cached)
        var x = embedded(batch, images)
        for (layer, block) in blocks.enumerated() {
            x = run(block, x, pass, layer)
        }
        cached?.cache.advance(cached?.slots ?? [], by: batch.lengths)
        return norm(x)
    }

    /// What every block of a pass over a batch shares.
    func pass(_ batch: TokenBatch, continuing cached: CachedSequences?) -> ForwardPass {
        let angles = angles(batch)
        let past = cached.map { sequences in sequences.slots.map { sequences.cache.counts[$0] } }
        return ForwardPass(
            cosine: angles.cosine, sine: angles.sine, lengths: batch.lengths,
            prefixes: batch.prefixes, cached: cached, past: past ?? [])
    }

    /// The embeddings of a batch's tokens, images in their places; [T, D].
    func embedded(_ batch: TokenBatch, _ images: ImageRows?) -> Tensor {
        var tokens = batch.tokens
        for row in images?.rows ?? [] { tokens[row] = 0 }
        var x = embedding.rows(Tensor(tokens).to(device))
        if let embeddingScale { x = x * embeddingScale }
        guard let images, !images.rows.isEmpty else { return x }
        let index = Tensor(images.rows.map(Int64.init)).to(device)
        return x.indexCopy(0, index, images.features.to(dtype))
    }

    private func angles(_ batch: TokenBatch) -> (cosine: Tensor, sine: Tensor) {
        guard let mropePositions = batch.mropePositions,
            let sections = configuration.multimodalSections
        else {
            return rotary.angles(at: batch.positions)
        }
        precondition(
            mropePositions.count == batch.tokens.count,
            "positions of \(mropePositions.count) tokens")
        let ends = sections.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
        return rotary.angles(
            at: [mropePositions.time, mropePositions.height, mropePositions.width],
            sections: zip(ends, ends.dropFirst()).map { $0..<$1 })
    }

    /// Scores of every vocabulary entry for hidden states [N, D]: [N, V] in f32.
    public func logits(_ hidden: Tensor) -> Tensor { head.project(hidden).to(.float32) }

    /// The output layer's weight [V, D].
    public var outputWeight: FrozenWeight { head }

    /// Every linear layer: the text's in the order of the forward pass, then what sees.
    public var linears: [Linear] {
        let text = blocks.flatMap {
            [
                $0.attention.projection, $0.attention.output, $0.feedForward.input,
                $0.feedForward.down,
            ]
        }
        return text + (vision?.linears ?? [])
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
