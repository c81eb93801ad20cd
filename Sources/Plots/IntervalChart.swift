/// Estimates with their intervals, one a row, as accuracies before and after training.
public struct IntervalChart: Chart, Hashable {
    public struct Row: Sendable, Hashable {
        public var label: String
        public var estimate: Double
        public var lower: Double
        public var upper: Double
        /// Rows of one kind share a colour, the one of the series with this index.
        public var colour: Int

        public init(
            label: String,
            estimate: Double,
            lower: Double,
            upper: Double,
            colour: Int = 0
        ) {
            self.label = label
            self.estimate = estimate
            self.lower = lower
            self.upper = upper
            self.colour = colour
        }

        var values: [Double] { [estimate, lower, upper] }
    }

    /// A value to compare all rows with, as the accuracy of guessing.
    public struct Reference: Sendable, Hashable {
        public var label: String
        public var value: Double

        public init(label: String, value: Double) {
            self.label = label
            self.value = value
        }
    }

    public var title: String
    /// What a reader who cannot see the picture should know.
    public var summary: String
    public var xLabel: String
    public var style: NumberStyle
    public var rows: [Row]
    public var reference: Reference?

    /// A row with a value that is not finite keeps its label and is not drawn.
    public init(
        title: String,
        summary: String,
        xLabel: String,
        style: NumberStyle = .percent,
        rows: [Row],
        reference: Reference? = nil
    ) {
        self.title = title
        self.summary = summary
        self.xLabel = xLabel
        self.style = style
        self.rows = rows
        self.reference = reference
    }

    public func svg(width: Int) -> String {
        IntervalChartDrawing(self, width: Double(max(width, 240))).document()
    }
}
