import Layers
import Torch

/// The blocks of a tower, one after another.
final class VisionBlocks {
    let blocks: [VisionBlock]
    private let state: AdapterState
    /// Recompute each block in the backward pass instead of keeping its activations.
    var recomputesActivations = false

    init(_ blocks: [VisionBlock], _ state: AdapterState) {
        self.blocks = blocks
        self.state = state
    }

    var linears: [Linear] { blocks.flatMap(\.linears) }

    /// x [T, D] through block `layer`.
    func run(_ layer: Int, _ x: Tensor, _ pass: VisionPass) -> Tensor {
        let block = blocks[layer]
        guard recomputesActivations, pass.observer == nil else { return block(x, pass) }
        // By the time of the backward pass another adapter may be active.
        let (name, dropout) = (state.active, state.dropoutGenerator)
        return recomputingInBackward(x, generator: dropout) { [state] x in
            state.with(name, dropout: dropout) { block(x, pass) }
        }
    }
}
