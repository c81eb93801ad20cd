/// Resizes as Pillow 13 does, to the bit: one direction after the other, rounded to eight bits after
/// each (libImaging/Resample.c).
package enum Resampler {
    /// A resized image, or the part of it that `part` names, whose pixels are those of the whole.
    ///
    /// - Precondition: `part` lies within `size`.
    package static func resize(
        _ image: RGBImage, to size: ImageSize, filter: ResampleFilter,
        part: (columns: Range<Int>, rows: Range<Int>)? = nil
    ) -> RGBImage {
        let columns = part?.columns ?? 0..<size.width
        let rows = part?.rows ?? 0..<size.height
        precondition((0..<size.width).contains(columns), "columns lie within the image")
        precondition((0..<size.height).contains(rows), "rows lie within the image")
        let across =
            size.width == image.width
            ? nil
            : ResampleWeights(
                input: image.width, output: size.width, filter: filter, range: columns)
        let down =
            size.height == image.height
            ? nil
            : ResampleWeights(
                input: image.height, output: size.height, filter: filter, range: rows)
        let (left, top) = (across?.needed ?? columns, down?.needed ?? rows)
        var pixels = crop(image, left, top)
        func narrow() {
            guard let across else { return }
            pixels = resizeRows(pixels, left.count, across, first: left.lowerBound)
        }
        func shorten(_ width: Int) {
            guard let down else { return }
            pixels = resizeColumns(pixels, width * 3, down, first: top.lowerBound)
        }
        if beginsWithColumns(image.size, size) {
            shorten(left.count)
            narrow()
        } else {
            narrow()
            shorten(columns.count)
        }
        return RGBImage(width: columns.count, height: rows.count, pixels: pixels)
    }

    /// Pillow's order: rows are resized first unless the height shrinks, and by more than twice
    /// what the width does. The rounding in between makes it visible.
    static func beginsWithColumns(_ from: ImageSize, _ to: ImageSize) -> Bool {
        to.height < from.height && from.height - to.height > 2 * (from.width - to.width)
    }

    /// The pixels [rows, columns, 3] of a part.
    static func crop(_ image: RGBImage, _ columns: Range<Int>, _ rows: Range<Int>) -> [UInt8] {
        if columns.count == image.width && rows.count == image.height { return image.pixels }
        var pixels: [UInt8] = []
        pixels.reserveCapacity(columns.count * rows.count * 3)
        for row in rows {
            let start = row * image.width * 3
            let range = (start + columns.lowerBound * 3)..<(start + columns.upperBound * 3)
            pixels += image.pixels[range]
        }
        return pixels
    }

    /// [rows, output columns, 3], from rows of `width` pixels of which the first is number `first`.
    private static func resizeRows(
        _ pixels: [UInt8], _ width: Int, _ weights: ResampleWeights, first: Int
    ) -> [UInt8] {
        let kernels = Array(zip(weights.starts, weights.fixed))
        let rows = pixels.count / (width * 3)
        let count = rows * kernels.count * 3
        return [UInt8](unsafeUninitializedCapacity: count) { output, filled in
            pixels.withUnsafeBufferPointer { input in
                var place = 0
                for row in 0..<rows {
                    for (start, kernel) in kernels {
                        let from = (row * width + start - first) * 3
                        let sum = weighted(input, from, kernel)
                        for channel in 0..<3 { output[place + channel] = rounded(sum[channel]) }
                        place += 3
                    }
                }
            }
            filled = count
        }
    }

    @inline(__always)
    private static func weighted(
        _ input: UnsafeBufferPointer<UInt8>, _ first: Int, _ kernel: [Int32]
    ) -> SIMD4<Int32> {
        var sum = SIMD4<Int32>(repeating: half)
        for tap in kernel.indices {
            let from = first + 3 * tap
            let pixel = SIMD4<Int32>(
                Int32(input[from]), Int32(input[from + 1]), Int32(input[from + 2]), 0)
            sum &+= pixel &* SIMD4(repeating: kernel[tap])
        }
        return sum
    }

    /// [output rows, width], from rows of `width` bytes of which the first is number `first`.
    private static func resizeColumns(
        _ pixels: [UInt8], _ width: Int, _ weights: ResampleWeights, first: Int
    ) -> [UInt8] {
        let count = weights.starts.count * width
        var sums = [Int32](repeating: 0, count: width)
        return [UInt8](unsafeUninitializedCapacity: count) { output, filled in
            pixels.withUnsafeBufferPointer { input in
                sums.withUnsafeMutableBufferPointer { sums in
                    var place = 0
                    for (start, kernel) in zip(weights.starts, weights.fixed) {
                        sums.update(repeating: half)
                        for (tap, weight) in kernel.enumerated() {
                            let from = (start - first + tap) * width
                            for x in 0..<width { sums[x] &+= Int32(input[from + x]) &* weight }
                        }
                        for x in 0..<width { output[place + x] = rounded(sums[x]) }
                        place += width
                    }
                }
            }
            filled = count
        }
    }

    private static let half: Int32 = 1 << (ResampleWeights.precision - 1)

    @inline(__always)
    private static func rounded(_ sum: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: min(max(sum >> Int32(ResampleWeights.precision), 0), 255))
    }
}
