import Images
import Torch

/// Operators that only the tensor form of a processor uses.
private enum ProcessorOperators {
    static let bicubic = Operator("aten::_upsample_bicubic2d_aa")
    static let bilinear = Operator("aten::_upsample_bilinear2d_aa")
    static let pad = Operator("aten::constant_pad_nd")
    static let permute = Operator("aten::permute")
}

/// What an image processor does, in tensors: differentiable from the pixels on.
///
/// It differs from the processor itself by the rounding to eight bits after each pass of its
/// resizing, at most about 1/255 a value: near enough for a gradient, and what is evaluated goes
/// through the processor.
package struct TensorProcessor {
    let steps: ImageSteps

    package init(steps: ImageSteps) { self.steps = steps }

    /// The values that a tower takes: [3, h, w], or patches [N, 3 * frames * side * side].
    ///
    /// - Parameter image: [1, 3, H, W] in [0, 1].
    /// - Throws: `ImageProblem` for a shape that the processor refuses.
    package func callAsFunction(_ image: Tensor) throws(ImageProblem) -> Tensor {
        let size = ImageSize(width: image.size(3), height: image.size(2))
        let target = try steps.resized(size)
        let resized = resized(squared(image), to: target)
        let cropped = cropped(resized, from: target)
        let values = normalized(cropped).squeeze(0)
        return steps.patches.map { Self.patches(values, $0) } ?? values
    }

    /// With sides of the padding's colour that make a square of it.
    private func squared(_ x: Tensor) -> Tensor {
        guard let colour = steps.padding, x.size(2) != x.size(3) else { return x }
        let isWide = x.size(3) > x.size(2)
        let dimension = isWide ? 2 : 3
        let missing = abs(x.size(3) - x.size(2))
        let values = Tensor(colour.map { Float($0) / 255 }, shape: [1, 3, 1, 1]).to(x.device)
        func strip(_ count: Int) -> Tensor {
            isWide ? values.expand(1, 3, count, x.size(3)) : values.expand(1, 3, x.size(2), count)
        }
        let parts = [strip(missing / 2), x, strip(missing - missing / 2)]
        return .cat(parts.filter { $0.size(dimension) > 0 }, dim: dimension)
    }

    /// Pillow's filter, columns before rows as there; overshoots of the cubic one are cut after
    /// each as bytes cut them.
    private func resized(_ x: Tensor, to size: ImageSize) -> Tensor {
        let narrow = scaled(x, height: x.size(2), width: size.width)
        return scaled(narrow, height: size.height, width: size.width)
    }

    private func scaled(_ x: Tensor, height: Int, width: Int) -> Tensor {
        guard x.size(2) != height || x.size(3) != width else { return x }
        let scale =
            steps.filter == .bicubic ? ProcessorOperators.bicubic : ProcessorOperators.bilinear
        return scale(
            .tensor(x), .ints([height, width]), .bool(false), .none, .none
        ).clamped(min: 0, max: 1)
    }

    /// The middle, with black round it where the image is smaller.
    private func cropped(_ x: Tensor, from size: ImageSize) -> Tensor {
        guard let crop = steps.crop else { return x }
        let rows = Self.kept(size.height, crop.height)
        let columns = Self.kept(size.width, crop.width)
        let middle = x.slice(2, rows.range).slice(3, columns.range)
        let margins = [
            columns.before, crop.width - columns.before - columns.range.count, rows.before,
            crop.height - rows.before - rows.range.count,
        ]
        return margins.allSatisfy { $0 == 0 }
            ? middle : ProcessorOperators.pad(.tensor(middle), .ints(margins), .double(0))
    }

    /// What is kept of a side, and the margin before it; transformers' `center_crop`.
    private static func kept(_ whole: Int, _ part: Int) -> (range: Range<Int>, before: Int) {
        if part > whole { return (0..<whole, (part - whole + 1) / 2) }
        let start = (whole - part) / 2
        return (start..<(start + part), 0)
    }

    private func normalized(_ x: Tensor) -> Tensor {
        let values = x * (255 * (steps.rescale ?? 1))
        guard let normal = steps.normalize else { return values }
        func channels(_ numbers: [Double]) -> Tensor {
            Tensor(numbers.map { Float($0) }, shape: [1, 3, 1, 1]).to(x.device)
        }
        return (values - channels(normal.mean)) / channels(normal.deviation)
    }

    /// Qwen2-VL's order: blocks of merge x merge patches row by row, and row by row in a block.
    private static func patches(_ x: Tensor, _ layout: ImageSteps.Patches) -> Tensor {
        let (side, merge) = (layout.side, layout.merge)
        let (rows, columns) = (x.size(1) / side, x.size(2) / side)
        let split = x.reshape([3, rows / merge, merge, side, columns / merge, merge, side])
        let ordered = ProcessorOperators.permute(.tensor(split), .ints([1, 4, 2, 5, 0, 3, 6]))
        let count = rows * columns
        let patches = ordered.reshape([count, 3, 1, side, side])
        return patches.expand(count, 3, layout.frames, side, side)
            .reshape([count, 3 * layout.frames * side * side])
    }
}
