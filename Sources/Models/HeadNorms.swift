import Checkpoints
import FileFormats
import Layers
import Torch

/// Norms over each head of q and of k before they are rotated (Qwen3).
struct HeadNorms {
    private let query: Norm
    private let key: Norm

    init(_ configuration: DecoderConfiguration, _ weights: WeightPath) throws(FormatError) {
        func norm(_ module: DecoderNames.Module) throws(FormatError) -> Norm {
            try Norm(
                configuration.block.norm, weights[configuration.names[module]],
                size: configuration.headSize, epsilon: configuration.normEpsilon)
        }
        query = try norm(.queryNorm)
        key = try norm(.keyNorm)
    }

    /// rows [T, (H + 2 KV) d], queries | keys | values.
    func callAsFunction(_ rows: Tensor, heads: Int, keyValueHeads: Int, size: Int) -> Tensor {
        let parts = rows.view(rows.size(0), heads + 2 * keyValueHeads, size)
            .split([heads, keyValueHeads, keyValueHeads], dim: 1)
        return Tensor.cat([query(parts[0]), key(parts[1]), parts[2]], dim: 1).reshape(rows.shape)
    }
}
