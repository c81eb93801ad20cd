/// Resizes as Pillow does, to the bit: rows first, then columns, rounded to eight bits after each
/// (libImaging/Resample.c, `ImagingResampleInner`).
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
        let vertical = ResampleWeights(
            input: image.height, output: size.height, filter: filter, range: rows)
        let taken = size.height == image.height ? rows : vertical.needed
        let narrow: [UInt8]
        if size.width == image.width {
            narrow = crop(image, columns, taken)
        } else {
            let horizontal = ResampleWeights(
                input: image.width, output: size.width, filter: filter, range: columns)
            narrow = resizeRows(image, horizontal, taken)
        }
        let pixels =
            size.height == image.height
            ? narrow
            : resizeColumns(narrow, columns.count * 3, vertical, first: taken.lowerBound)
        return RGBImage(width: columns.count, height: rows.count, pixels: pixels)
    }

    /// The pixels [rows, columns, 3] of a part.
    static func crop(_ image: RGBImage, _ columns: Range<Int>, _ rows: Range<Int>) -> [UInt8] {
        if columns.count == image.width && rows.count == image.height { return image.pixels }
        var pixels: [UInt8] = []
        pixels.reserveCapacity(columns.count * rows.count * 3)
        for row in rows {
            let start = row * image.width * 3
            pixels +=
                image.pixels[(start + columns.lowerBound * 3)..<(start + columns.upperBound * 3)]
        }
        return pixels
    }

    /// [taken rows, output columns, 3]
    private static func resizeRows(
        _ image: RGBImage, _ weights: ResampleWeights, _ rows: Range<Int>
    ) -> [UInt8] {
        let fixed = weights.fixed
        let count = rows.count * weights.starts.count * 3
        return [UInt8](unsafeUninitializedCapacity: count) { output, filled in
            image.pixels.withUnsafeBufferPointer { input in
                var place = 0
                for row in rows {
                    for (start, kernel) in zip(weights.starts, fixed) {
                        let first = (row * image.width + start) * 3
                        var sum = SIMD4<Int32>(repeating: half)
                        kernel.withUnsafeBufferPointer { kernel in
                            for tap in kernel.indices {
                                let from = first + 3 * tap
                                let pixel = SIMD4<Int32>(
                                    Int32(input[from]), Int32(input[from + 1]),
                                    Int32(input[from + 2]), 0)
                                sum &+= pixel &* SIMD4(repeating: kernel[tap])
                            }
                        }
                        for channel in 0..<3 { output[place + channel] = rounded(sum[channel]) }
                        place += 3
                    }
                }
            }
            filled = count
        }
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
