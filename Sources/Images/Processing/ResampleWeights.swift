/// What each pixel of a resized side is made of: neighbours and their weights, which sum to 1.
///
/// Pillow's `precompute_coeffs` (libImaging/Resample.c): where the side shrinks, the filter widens
/// with it. Public to the package so that the same resize can be built of tensors.
package struct ResampleWeights: Sendable {
    /// The first neighbour of each output pixel.
    package let starts: [Int]
    /// [outputs][neighbours]
    package let weights: [[Double]]

    /// - Parameters:
    ///   - input: Pixels of the side.
    ///   - output: Pixels of the resized side.
    ///   - range: Which of them are wanted.
    package init(input: Int, output: Int, filter: ResampleFilter, range: Range<Int>) {
        let scale = Double(input) / Double(output)
        let filterScale = max(scale, 1)
        let support = filter.support * filterScale
        let inverse = 1 / filterScale
        var starts: [Int] = []
        var rows: [[Double]] = []
        for index in range {
            let center = (Double(index) + 0.5) * scale
            let start = max(0, Int(center - support + 0.5))
            let end = min(input, Int(center + support + 0.5))
            var row = (start..<end).map { filter.weight((Double($0) - center + 0.5) * inverse) }
            let sum = row.reduce(0, +)
            if sum != 0 { for index in row.indices { row[index] /= sum } }
            starts.append(start)
            rows.append(row)
        }
        self.starts = starts
        weights = rows
    }

    /// Input pixels that any output pixel needs.
    var needed: Range<Int> {
        let first = starts.min() ?? 0
        let last = zip(starts, weights).map { $0 + $1.count }.max() ?? first
        return first..<last
    }

    /// Whole numbers of 22 bits behind the point, halves away from zero (`normalize_coeffs_8bpc`).
    var fixed: [[Int32]] {
        weights.map { row in
            row.map { Int32($0 * Double(1 << Self.precision) + ($0 < 0 ? -0.5 : 0.5)) }
        }
    }

    /// Two bits of 32 are kept for sums below 0 and above 1, eight for the pixel.
    static let precision = 32 - 8 - 2
}
