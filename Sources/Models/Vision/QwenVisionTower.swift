import Checkpoints
import FileFormats
import Layers
import Records
import Torch

/// The tower of Qwen2-VL and Qwen2.5-VL: patches of any number, rotary positions in rows and
/// columns, and a merger that makes one token of each square of patches.
final class QwenVisionTower: VisionTower {
    let width: Int
    private let configuration: QwenVisionConfiguration
    /// [D, C f p p]
    private let patches: Tensor
    private let blocks: VisionBlocks
    private let merger: PatchMerger
    private let rotary: RotaryEmbedding
    private let dtype: DType

    init(
        _ configuration: QwenVisionConfiguration, _ weights: WeightPath, _ state: AdapterState
    ) throws(FormatError) {
        let side = configuration.patchSize
        patches = try weights["patch_embed.proj"].load(
            "weight",
            [
                configuration.hiddenSize, configuration.channels, configuration.temporalPatchSize,
                side, side,
            ]
        ).view(configuration.hiddenSize, -1)
        var blocks: [VisionBlock] = []
        for layer in 0..<configuration.layers {
            blocks.append(try VisionBlock(configuration, weights["blocks"]["\(layer)"], state))
        }
        self.blocks = VisionBlocks(blocks, state)
        merger = try PatchMerger(configuration, weights["merger"], state)
        rotary = RotaryEmbedding(
            size: configuration.hiddenSize / configuration.heads / 2,
            theta: configuration.ropeTheta, scaling: nil, device: weights.device)
        self.configuration = configuration
        width = configuration.outputWidth
        dtype = weights.dtype
    }

    var linears: [Linear] { blocks.linears + merger.linears }

    var recomputesActivations: Bool {
        get { blocks.recomputesActivations }
        set { blocks.recomputesActivations = newValue }
    }

    func features(_ inputs: [VisionInput]) -> [Tensor] {
        if inputs.isEmpty { return [] }
        let counts = inputs.map { merged($0.grid).count }
        return run(inputs, observer: nil).split(counts, dim: 0)
    }

    func attentions(_ input: VisionInput, meansHeads: Bool) -> [Tensor] {
        let observer = AttentionObserver(meansHeads: meansHeads)
        _ = withInference { run([input], observer: observer) }
        let back = patchIndex(orders([input.grid]).flatMap(\.places))
        return observer.weights.map { $0.indexSelect(1, back).indexSelect(2, back) }
    }

    /// The tokens [T, width] of all images, one image after another.
    private func run(_ inputs: [VisionInput], observer: AttentionObserver?) -> Tensor {
        let orders = orders(inputs.map(\.grid))
        var (there, back, start) = ([Int](), [Int](), 0)
        for order in orders {
            there += order.tokens.map { $0 + start }
            back += order.places.map { $0 + start }
            start += order.tokens.count
        }
        let square = configuration.mergeSize * configuration.mergeSize
        let index = patchIndex(there)
        let pixels = Tensor.cat(inputs.map(\.pixels)).to(dtype).indexSelect(0, index)
        let whole = inputs.flatMap { input in
            Array(repeating: input.grid.height * input.grid.width, count: input.grid.time)
        }
        let windows = orders.flatMap { order in order.windows.map { $0 * square } }
        let angles = angles(inputs.map(\.grid), index)
        var x = pixels.projected(patches)
        for layer in blocks.blocks.indices {
            let isFull = configuration.windows.map { $0.fullLayers.contains(layer) } ?? true
            let pass = VisionPass(
                pieces: isFull ? whole : windows, angles: angles, observer: observer)
            x = blocks.run(layer, x, pass)
        }
        let tokens = merger(x)
        return tokens.indexSelect(0, Tensor(back.map(Int64.init)).to(tokens.device))
    }

    /// The order of each image's tokens; without windows the one they come in.
    private func orders(_ grids: [ImageGrid]) -> [PatchOrder] {
        grids.map { grid in
            let tokens = merged(grid)
            let side = configuration.windows.map(configuration.windowSide)
            return PatchOrder(tokens, windowSide: side ?? max(tokens.height, tokens.width))
        }
    }

    private func merged(_ grid: ImageGrid) -> ImageGrid {
        let side = configuration.mergeSize
        return ImageGrid(time: grid.time, height: grid.height / side, width: grid.width / side)
    }

    /// Rows of the patches of tokens in some order.
    private func patchIndex(_ tokens: [Int]) -> Tensor {
        let square = configuration.mergeSize * configuration.mergeSize
        let rows = tokens.flatMap { token in (0..<square).map { Int64(token * square + $0) } }
        return Tensor(rows).to(patches.device)
    }

    /// Angles of each patch's row and column, in an order of the patches.
    private func angles(_ grids: [ImageGrid], _ index: Tensor) -> (cosine: Tensor, sine: Tensor) {
        let side = configuration.mergeSize
        var (rows, columns) = ([Int](), [Int]())
        for grid in grids {
            for token in 0..<merged(grid).count {
                let tokens = merged(grid)
                let (top, left) = (token / tokens.width % tokens.height, token % tokens.width)
                for place in 0..<(side * side) {
                    rows.append(top * side + place / side)
                    columns.append(left * side + place % side)
                }
            }
        }
        let quarter = configuration.hiddenSize / configuration.heads / 4
        let angles = rotary.angles(at: [rows, columns], sections: [0..<quarter, 0..<quarter])
        return (angles.cosine.indexSelect(0, index), angles.sine.indexSelect(0, index))
    }
}
