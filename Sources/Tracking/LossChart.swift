import FileFormats
import Foundation
import Plots
import Recipes

/// Training loss and, where it was measured, validation loss (`eval_loss`) over the steps.
public func lossChart(of rows: [MetricsRow]) -> LineChart {
    let training = points(of: MetricName.loss, in: rows)
    let validation = points(of: MetricName.heldOut(MetricName.loss), in: rows)
    let smoothing = training.count >= 50 ? 0.9 : nil
    var series = [Series(name: "training", points: training, smoothing: smoothing)]
    if !validation.isEmpty { series.append(Series(name: "validation", points: validation)) }
    return LineChart(
        title: "Loss",
        summary: series.map(summary).joined(separator: " "),
        xLabel: "optimizer step",
        yLabel: "loss",
        series: series
    )
}

/// Draws `lossChart` into an SVG file, atomically.
public func writeLossChart(of rows: [MetricsRow], to url: URL) throws(FormatError) {
    try AtomicFile.write(lossChart(of: rows).svg() + "\n", to: url)
}

private func points(of name: String, in rows: [MetricsRow]) -> [Series.Point] {
    rows.compactMap { row in
        row.values[name].map { Series.Point(x: Double(row.step), y: $0) }
    }
}

private func summary(of series: Series) -> String {
    let finite = series.points.filter(\.y.isFinite)
    guard let first = finite.first, let last = finite.last else {
        return "No \(series.name) loss was measured."
    }
    let ends = [first, last].map { String(format: "%.4f at step %d", $0.y, Int($0.x)) }
    return "The \(series.name) loss is \(ends[0]) and \(ends[1])."
}
