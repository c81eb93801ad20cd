import Checkpoints
import FileFormats
import Torch

/// The rows that a vision transformer starts from: class token, registers and patches.
struct VisionEmbedding {
    private let configuration: VisionTransformerConfiguration
    /// [D, C p p]
    private let projection: Tensor
    /// [D]
    private let bias: Tensor?
    /// [1, D]; the class token with its position in it.
    private let classToken: Tensor?
    /// [registers, D]
    private let registers: Tensor?
    /// [N, D], row by row.
    private let positions: Tensor
    private let dtype: DType

    init(
        _ configuration: VisionTransformerConfiguration, _ weights: WeightPath
    ) throws(FormatError) {
        let (names, size) = (configuration.kind.names, configuration.hiddenSize)
        let patch = [
            size, configuration.channels, configuration.patchSize, configuration.patchSize,
        ]
        let trained = configuration.trainedPatches
        projection = try weights[names.patches].load("weight", patch).view(size, -1)
        bias = names.patchBias ? try weights[names.patches].load("bias", [size]) : nil
        let all = try Self.positions(configuration, weights)
        if configuration.hasClassToken {
            let shape = configuration.kind == .clip ? [size] : [1, 1, size]
            let token = try weights.load(names.classToken, shape).view(1, size)
            classToken = token + all.slice(0, 0..<1)
            positions = all.slice(0, 1..<(trained + 1))
        } else {
            classToken = nil
            positions = all
        }
        let registers = configuration.registers
        self.registers =
            registers == 0
            ? nil
            : try weights.load("embeddings.register_tokens", [1, registers, size]).view(-1, size)
        self.configuration = configuration
        dtype = weights.dtype
    }

    /// The table [N + class tokens, D].
    private static func positions(
        _ configuration: VisionTransformerConfiguration, _ weights: WeightPath
    ) throws(FormatError) -> Tensor {
        let rows = configuration.trainedPatches + (configuration.hasClassToken ? 1 : 0)
        let shape = [rows, configuration.hiddenSize]
        return try weights.load(
            configuration.kind.names.positions,
            configuration.kind.isDinov2 ? [1] + shape : shape
        ).view(rows, -1)
    }

    /// Pixels [B, C, H, W] of one size -> rows [B (leading rows + h w), D].
    func callAsFunction(_ pixels: Tensor) -> Tensor {
        let (images, p) = (pixels.size(0), configuration.patchSize)
        let (height, width) = (pixels.size(2) / p, pixels.size(3) / p)
        let patches = unfolded(pixels.to(dtype), height, width).projected(projection, bias: bias)
        let size = configuration.hiddenSize
        let placed =
            patches.view(images, height * width, size) + positions(height: height, width: width)
        let leading = [classToken, registers].compactMap { $0 }
        let rows = leading.map { $0.unsqueeze(0).expand(images, -1, -1) } + [placed]
        return Tensor.cat(rows, dim: 1).view(-1, size)
    }

    /// Patches as rows [B h w, C p p], each in the order of the convolution's weight.
    private func unfolded(_ pixels: Tensor, _ height: Int, _ width: Int) -> Tensor {
        let (channels, p) = (configuration.channels, configuration.patchSize)
        return pixels.slice(2, 0..<(height * p)).slice(3, 0..<(width * p))
            .reshape([-1, channels, height, p, width, p])
            .permute(0, 2, 4, 1, 3, 5)
            .reshape([-1, channels * p * p])
    }

    /// The positions of a grid of patches, resampled where it is not the trained one.
    private func positions(height: Int, width: Int) -> Tensor {
        let side = configuration.imageSize / configuration.patchSize
        if height == side, width == side { return positions }
        let table = positions.to(.float32).view(1, side, side, -1).permute(0, 3, 1, 2)
        // Of transformers' classes only this one smooths.
        let smooth = configuration.kind == .dinov2WithRegisters
        return table.resizedBicubic(height: height, width: width, smooth: smooth)
            .permute(0, 2, 3, 1).reshape([height * width, -1]).to(dtype)
    }
}
