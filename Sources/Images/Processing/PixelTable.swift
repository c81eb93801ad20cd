/// The number that stands for each byte of each channel after rescaling and normalising.
///
/// A byte has 256 values, so a table of what transformers' NumPy code makes of them is exact:
/// rescaled in f64 and rounded to f32, then (x - mean) / deviation in f32.
struct PixelTable {
    /// [3][256]
    private let channels: [[Float]]

    init(_ steps: ImageSteps) {
        channels = (0..<3).map { channel in
            (0..<256).map { byte in
                let value = Float(Double(byte) * (steps.rescale ?? 1))
                guard let normal = steps.normalize else { return value }
                return (value - Float(normal.mean[channel])) / Float(normal.deviation[channel])
            }
        }
    }

    /// [3, H, W]
    func planes(_ image: RGBImage) -> [Float] {
        let count = image.width * image.height
        return filled(count * 3, image) { input, output in
            for channel in 0..<3 {
                channels[channel].withUnsafeBufferPointer { table in
                    for pixel in 0..<count {
                        output[channel * count + pixel] = table[Int(input[3 * pixel + channel])]
                    }
                }
            }
        }
    }

    /// [patches, 3, frames, side, side]; patches in the order of Qwen2-VL: by blocks of
    /// merge x merge, row by row, and row by row within a block.
    func patches(_ image: RGBImage, _ layout: ImageSteps.Patches) -> [Float] {
        let (side, merge) = (layout.side, layout.merge)
        let (rows, columns) = (image.height / side, image.width / side)
        let length = 3 * layout.frames * side * side
        return filled(rows * columns * length, image) { input, output in
            var place = 0
            for blockRow in 0..<(rows / merge) {
                for blockColumn in 0..<(columns / merge) {
                    for inner in 0..<(merge * merge) {
                        let row = (blockRow * merge + inner / merge) * side
                        let column = (blockColumn * merge + inner % merge) * side
                        let first = (row * image.width + column) * 3
                        patch(input, first, image.width * 3, layout, output, place)
                        place += length
                    }
                }
            }
        }
    }

    /// One patch, [3, frames, side, side], from the place of its first pixel.
    private func patch(
        _ input: UnsafeBufferPointer<UInt8>, _ first: Int, _ stride: Int,
        _ layout: ImageSteps.Patches, _ output: UnsafeMutableBufferPointer<Float>, _ place: Int
    ) {
        let side = layout.side
        for channel in 0..<3 {
            for frame in 0..<layout.frames {
                let to = place + (channel * layout.frames + frame) * side * side
                for y in 0..<side {
                    for x in 0..<side {
                        let byte = input[first + y * stride + 3 * x + channel]
                        output[to + y * side + x] = channels[channel][Int(byte)]
                    }
                }
            }
        }
    }

    private func filled(
        _ count: Int, _ image: RGBImage,
        _ body: (UnsafeBufferPointer<UInt8>, UnsafeMutableBufferPointer<Float>) -> Void
    ) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { output, filled in
            image.pixels.withUnsafeBufferPointer { body($0, output) }
            filled = count
        }
    }
}
