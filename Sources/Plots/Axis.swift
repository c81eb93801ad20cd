import Foundation

/// A linear axis: where values lie in the picture, and the round numbers written beside it.
struct Axis {
    let lower: Double
    let upper: Double
    let ticks: [Double]
    private let step: Double
    private let start: Double
    private let length: Double

    /// An axis over `values`, drawn from `start` (which may lie beyond `end`) to `end`.
    ///
    /// With `padded`, its ends move out to the next tick.
    init(over values: [Double], from start: Double, to end: Double, target: Int, padded: Bool) {
        var (low, high) = (values.min() ?? 0, values.max() ?? 1)
        if high - low <= max(1e-12 * max(abs(low), abs(high)), 1e-300) {
            let margin = abs(low) < 1e-290 ? 1 : abs(low) * 0.1
            (low, high) = (low - margin, high + margin)
        }
        step = Self.roundStep(atLeast: high / Double(target) - low / Double(target))
        lower = padded ? (low / step + 1e-9).rounded(.down) * step : low
        upper = padded ? (high / step - 1e-9).rounded(.up) * step : high
        self.start = start
        length = end - start
        let (lowest, highest, step) = (lower, upper, step)
        let first = (lowest / step - 1e-9).rounded(.up)
        ticks = (0...(2 * target + 2)).map { (first + Double($0)) * step }
            .filter { $0 <= highest + step * 1e-9 }
    }

    func position(of value: Double) -> Double {
        start + (value / (upper - lower) - lower / (upper - lower)) * length
    }

    /// The labels of `ticks`, all with the same number of decimals.
    func labels(as style: NumberStyle) -> [String] {
        ticks.map { style.label($0, step: step) }
    }

    /// The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below `span`.
    private static func roundStep(atLeast span: Double) -> Double {
        let power = pow(10, floor(log10(span)))
        let factor = [1, 2, 2.5, 5].first { $0 * power >= span * (1 - 1e-9) } ?? 10
        return factor * power
    }
}
