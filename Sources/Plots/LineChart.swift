/// Curves over a common axis, as losses over steps.
public struct LineChart: Chart, Hashable {
    public var title: String
    /// What a reader who cannot see the curves should know.
    public var summary: String
    public var xLabel: String
    public var yLabel: String
    public var series: [Series]
    /// How values of y are written.
    public var style: NumberStyle

    public init(
        title: String,
        summary: String,
        xLabel: String,
        yLabel: String,
        series: [Series],
        style: NumberStyle = .plain
    ) {
        self.title = title
        self.summary = summary
        self.xLabel = xLabel
        self.yLabel = yLabel
        self.series = series
        self.style = style
    }

    public func svg(width: Int) -> String {
        LineChartDrawing(self, width: Double(max(width, 240))).document()
    }
}
