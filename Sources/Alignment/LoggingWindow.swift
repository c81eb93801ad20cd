import Recipes

/// Means over the steps since the last logged row.
struct LoggingWindow: Codable {
    private var sums: [String: Double] = [:]
    /// Steps that gave each value.
    private var counts: [String: Int] = [:]
    private var seconds = 0.0
    private var tokens = 0

    /// Takes in the numbers of a step.
    mutating func add(_ report: StepReport) {
        for (name, value) in report.values.merging(
            [MetricName.loss: report.loss], uniquingKeysWith: { $1 })
        {
            sums[name, default: 0] += value
            counts[name, default: 0] += 1
        }
    }

    /// Takes in what a step cost, whatever became of it.
    mutating func add(tokens: Int, seconds: Double) {
        self.tokens += tokens
        self.seconds += seconds
    }

    var tokensPerSecond: Double { Double(tokens) / max(seconds, 1e-9) }
    var totalSeconds: Double { seconds }

    var values: [String: Double] {
        var means = sums
        for (name, count) in counts { means[name]? /= Double(count) }
        means["tokens_per_second"] = tokensPerSecond
        return means
    }
}
