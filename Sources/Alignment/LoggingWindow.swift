/// Means over the steps since the last logged row.
struct LoggingWindow: Codable {
    private var sums: [String: Double] = [:]
    /// Steps that gave each value.
    private var counts: [String: Int] = [:]
    private var seconds = 0.0
    private var tokens = 0

    mutating func add(_ report: StepReport, seconds: Double) {
        tokens += report.tokens
        self.seconds += seconds
        var values = report.values
        if report.loss.isFinite { values["loss"] = report.loss }
        for (name, value) in values {
            sums[name, default: 0] += value
            counts[name, default: 0] += 1
        }
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
