/// Means over the steps since the last logged row.
struct LoggingWindow: Codable {
    private var steps = 0
    private var sums: [String: Double] = [:]
    private var seconds = 0.0
    private var tokens = 0

    mutating func add(_ report: StepReport, seconds: Double) {
        steps += 1
        tokens += report.tokens
        self.seconds += seconds
        sums["loss", default: 0] += report.loss
        for (name, value) in report.values { sums[name, default: 0] += value }
    }

    var tokensPerSecond: Double { Double(tokens) / max(seconds, 1e-9) }

    var values: [String: Double] {
        var means = sums.mapValues { $0 / Double(max(steps, 1)) }
        means["tokens_per_second"] = tokensPerSecond
        return means
    }
}
