import Foundation

/// One number for each pixel of an image.
package struct PixelMap: Sendable, Hashable {
    package let width: Int
    package let height: Int
    /// [height, width] row by row.
    package internal(set) var values: [Float]

    /// - Precondition: as many values as pixels.
    package init(width: Int, height: Int, values: [Float]) {
        precondition(values.count == width * height, "\(values.count) values")
        (self.width, self.height, self.values) = (width, height, values)
    }

    /// The largest absolute value over the channels of [3, height, width]: how much the answer
    /// depends on each pixel (Simonyan et al., 2014, arXiv:1312.6034).
    init(gradient: [Float], width: Int, height: Int) {
        let count = width * height
        precondition(gradient.count == 3 * count, "\(gradient.count) values")
        let largest = (0..<count).map { place in
            max(
                abs(gradient[place]), abs(gradient[count + place]), abs(gradient[2 * count + place])
            )
        }
        self.init(width: width, height: height, values: largest)
    }

    /// Smoothed by a normal distribution of this standard deviation in pixels, cut at three of
    /// them; at the borders the weights inside are scaled to 1.
    func smoothed(_ sigma: Double) -> PixelMap {
        guard sigma > 0 else { return self }
        let reach = Int((3 * sigma).rounded(.up))
        let kernel = (-reach...reach).map { Float(exp(-Double($0 * $0) / (2 * sigma * sigma))) }
        var rows = self
        for row in 0..<height {
            rows.blur(kernel, start: row * width, step: 1, count: width, from: values)
        }
        var result = rows
        for column in 0..<width {
            result.blur(kernel, start: column, step: width, count: height, from: rows.values)
        }
        return result
    }

    private mutating func blur(
        _ kernel: [Float], start: Int, step: Int, count: Int, from source: [Float]
    ) {
        let reach = kernel.count / 2
        for place in 0..<count {
            var (sum, weight): (Float, Float) = (0, 0)
            for other in max(0, place - reach)...min(count - 1, place + reach) {
                let share = kernel[other - place + reach]
                sum += share * source[start + other * step]
                weight += share
            }
            values[start + place * step] = sum / weight
        }
    }

    /// From 0 to 1: the 99th percentile and all above become 1, so that single pixels do not
    /// darken the rest; all 0 where nothing stands out.
    func scaled() -> PixelMap {
        let sorted = values.sorted()
        guard let last = sorted.last, last > 0 else {
            return PixelMap(width: width, height: height, values: values.map { _ in 0 })
        }
        let place = Int((Double(sorted.count - 1) * 0.99).rounded())
        let top = sorted[place] > 0 ? sorted[place] : last
        return PixelMap(
            width: width, height: height, values: values.map { max(0, min(1, $0 / top)) })
    }

    /// Spread over another size, bilinear between the middles of its cells.
    package func resized(width newWidth: Int, height newHeight: Int) -> PixelMap {
        var result = [Float](repeating: 0, count: newWidth * newHeight)
        for y in 0..<newHeight {
            let (top, bottom, down) = Self.neighbours(y, newHeight, height)
            for x in 0..<newWidth {
                let (left, right, along) = Self.neighbours(x, newWidth, width)
                let upper = mixed(top * width + left, top * width + right, along)
                let lower = mixed(bottom * width + left, bottom * width + right, along)
                result[y * newWidth + x] = upper + (lower - upper) * down
            }
        }
        return PixelMap(width: newWidth, height: newHeight, values: result)
    }

    /// In the middle of a larger size, 0 elsewhere.
    ///
    /// - Precondition: neither side is larger than the new one.
    func centred(width newWidth: Int, height newHeight: Int) -> PixelMap {
        if newWidth == width, newHeight == height { return self }
        var whole = PixelMap(
            width: newWidth, height: newHeight,
            values: [Float](repeating: 0, count: newWidth * newHeight))
        let (left, top) = ((newWidth - width) / 2, (newHeight - height) / 2)
        for row in 0..<height {
            let start = (top + row) * newWidth + left
            whole.values.replaceSubrange(
                start..<(start + width), with: values[(row * width)..<((row + 1) * width)])
        }
        return whole
    }

    private func mixed(_ a: Int, _ b: Int, _ share: Float) -> Float {
        values[a] + (values[b] - values[a]) * share
    }

    private static func neighbours(
        _ place: Int, _ count: Int, _ cells: Int
    ) -> (Int, Int, Float) {
        let middle = (Double(place) + 0.5) / Double(count) * Double(cells) - 0.5
        let inside = max(0, min(Double(cells - 1), middle))
        let first = Int(inside)
        return (first, min(first + 1, cells - 1), Float(inside - Double(first)))
    }
}
