import Randomness

/// Draws of a binomial count from a table of its cumulative distribution.
///
/// The table is built by the ratio p(k+1)/p(k) = (n-k)/(k+1) * p/(1-p), outwards from the mode
/// until terms cannot be told from zero. It needs no special functions, so draws are the same on
/// every platform, and its size is of the order of the standard deviation, not of n.
struct BinomialSampler {
    /// The count of the table's first entry.
    private let offset: Int
    /// Unnormalised cumulative weights of `offset`, `offset + 1`, ...; never empty.
    private let cumulative: [Double]

    init(trials: Int, probability: Double) {
        guard trials > 0, probability > 0, probability < 1 else {
            offset = probability >= 1 ? trials : 0
            cumulative = [1]
            return
        }
        let odds = probability / (1 - probability)
        let mode = min(trials, Int(Double(trials + 1) * probability))
        let below = Self.weights(from: mode, to: 0, step: -1) { k in
            Double(k + 1) / (Double(trials - k) * odds)
        }
        let above = Self.weights(from: mode, to: trials, step: 1) { k in
            Double(trials - k + 1) / Double(k) * odds
        }
        offset = mode - below.count
        var sum = 0.0
        cumulative = (below.reversed() + [1] + above).map { weight in
            sum += weight
            return sum
        }
    }

    /// A count between 0 and the number of trials, from one draw of `generator`.
    func draw(using generator: inout RandomStream) -> Int {
        let target = generator.uniform() * (cumulative.last ?? 1)
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > target { high = middle } else { low = middle + 1 }
        }
        return offset + low
    }

    /// Weights relative to the mode's, walking away from it; `ratio` is p(k) over its predecessor.
    private static func weights(
        from mode: Int,
        to end: Int,
        step: Int,
        ratio: (Int) -> Double
    ) -> [Double] {
        var weights: [Double] = []
        var weight = 1.0
        var k = mode
        while k != end {
            k += step
            weight *= ratio(k)
            guard weight > 1e-20 else { break }
            weights.append(weight)
        }
        return weights
    }
}
