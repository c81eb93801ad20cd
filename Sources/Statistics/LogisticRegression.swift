import Foundation

/// Multinomial logistic regression with a squared penalty on the weights, none on the intercepts:
/// the linear probe of features that somebody else learnt.
///
/// Minimises the mean of -log p(class) + penalty / 2 * |W|^2 over features that are standardised by
/// the training items' means and deviations; scikit-learn's `LogisticRegression` with
/// C = 1 / (n penalty). Solved by L-BFGS (Nocedal and Wright, "Numerical Optimization", 2006,
/// algorithm 7.4) with backtracking, from zero.
public struct LogisticRegression: Sendable {
    private let standardisation: Standardisation
    /// [classes, features + 1], the intercept last.
    private let weights: [Double]
    private let classes: Int

    /// - Parameters:
    ///   - features: [n, features], one item at least.
    ///   - labels: each item's class, counted from 0.
    /// - Precondition: rows are of one length, labels within `classes`.
    public init(features: [[Double]], labels: [Int], classes: Int, penalty: Double) {
        precondition(features.count == labels.count && !features.isEmpty, "items without labels")
        precondition(labels.allSatisfy { (0..<classes).contains($0) }, "an unknown class")
        let standardisation = Standardisation(features)
        let loss = LogisticLoss(
            rows: features.map(standardisation.callAsFunction), labels: labels, classes: classes,
            penalty: penalty)
        (self.standardisation, self.classes) = (standardisation, classes)
        weights = LimitedMemoryBFGS.minimum(
            of: loss.callAsFunction,
            from: [Double](repeating: 0, count: classes * (features[0].count + 1)))
    }

    /// log p of each class.
    public func logProbabilities(_ features: [Double]) -> [Double] {
        let row = standardisation(features)
        return logSoftmax(
            (0..<classes).map { label in
                LogisticLoss.product(weights, label, row)
            })
    }
}

/// Features less their means, over their deviations; one that never varies is left out as 0.
private struct Standardisation: Sendable {
    private let means: [Double]
    private let scales: [Double]

    init(_ rows: [[Double]]) {
        let count = Double(rows.count)
        var means = [Double](repeating: 0, count: rows[0].count)
        for row in rows { for (place, value) in row.enumerated() { means[place] += value / count } }
        var variances = [Double](repeating: 0, count: means.count)
        for row in rows {
            for (place, value) in row.enumerated() {
                variances[place] += (value - means[place]) * (value - means[place]) / count
            }
        }
        self.means = means
        scales = variances.map { $0 > 1e-20 ? 1 / $0.squareRoot() : 0 }
    }

    func callAsFunction(_ row: [Double]) -> [Double] {
        row.indices.map { (row[$0] - means[$0]) * scales[$0] }
    }
}

private struct LogisticLoss {
    let rows: [[Double]]
    let labels: [Int]
    let classes: Int
    let penalty: Double

    /// The loss at these weights, and its gradient.
    func callAsFunction(_ weights: [Double]) -> (value: Double, gradient: [Double]) {
        let (count, width) = (Double(rows.count), rows[0].count + 1)
        var (value, gradient) = (0.0, [Double](repeating: 0, count: weights.count))
        for (row, gold) in zip(rows, labels) {
            let scores = logSoftmax((0..<classes).map { Self.product(weights, $0, row) })
            value -= scores[gold] / count
            for label in 0..<classes {
                let slope = (exp(scores[label]) - (label == gold ? 1 : 0)) / count
                let start = label * width
                for place in row.indices { gradient[start + place] += slope * row[place] }
                gradient[start + width - 1] += slope
            }
        }
        for place in weights.indices where place % width != width - 1 {
            value += penalty / 2 * weights[place] * weights[place]
            gradient[place] += penalty * weights[place]
        }
        return (value, gradient)
    }

    static func product(_ weights: [Double], _ label: Int, _ row: [Double]) -> Double {
        let start = label * (row.count + 1)
        return row.indices.reduce(weights[start + row.count]) { $0 + weights[start + $1] * row[$1] }
    }
}

private func logSoftmax(_ scores: [Double]) -> [Double] {
    let largest = scores.max() ?? 0
    let sum = scores.reduce(0) { $0 + exp($1 - largest) }
    return scores.map { $0 - largest - log(sum) }
}

private enum LimitedMemoryBFGS {
    /// Where a smooth convex function is smallest.
    static func minimum(
        of function: ([Double]) -> (value: Double, gradient: [Double]), from start: [Double],
        memory: Int = 10, iterations: Int = 500, tolerance: Double = 1e-7
    ) -> [Double] {
        var (x, (value, gradient)) = (start, function(start))
        var pairs: [(step: [Double], change: [Double])] = []
        for _ in 0..<iterations where (gradient.map(abs).max() ?? 0) > tolerance {
            let direction = direction(gradient, pairs)
            let slope = dot(direction, gradient)
            var length = 1.0
            var next = function(moved(x, direction, length))
            while next.value > value + 1e-4 * length * slope, length > 1e-12 {
                length /= 2
                next = function(moved(x, direction, length))
            }
            guard next.value < value else { break }
            let step = direction.map { $0 * length }
            let change = zip(next.gradient, gradient).map { $0 - $1 }
            x = moved(x, direction, length)
            (value, gradient) = next
            guard dot(step, change) > 1e-14 else { continue }
            pairs.append((step, change))
            if pairs.count > memory { pairs.removeFirst() }
        }
        return x
    }

    /// The two loops of algorithm 7.4.
    private static func direction(
        _ gradient: [Double], _ pairs: [(step: [Double], change: [Double])]
    ) -> [Double] {
        var (result, shares) = (gradient, [Double]())
        for (step, change) in pairs.reversed() {
            let share = dot(step, result) / dot(step, change)
            shares.append(share)
            for place in result.indices { result[place] -= share * change[place] }
        }
        if let last = pairs.last {
            let scale = dot(last.step, last.change) / dot(last.change, last.change)
            for place in result.indices { result[place] *= scale }
        }
        for (pair, share) in zip(pairs, shares.reversed()) {
            let other = dot(pair.change, result) / dot(pair.step, pair.change)
            for place in result.indices { result[place] += (share - other) * pair.step[place] }
        }
        return result.map { -$0 }
    }

    private static func moved(_ x: [Double], _ direction: [Double], _ length: Double) -> [Double] {
        x.indices.map { x[$0] + length * direction[$0] }
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        a.indices.reduce(0) { $0 + a[$1] * b[$1] }
    }
}
