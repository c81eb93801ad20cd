/// A matrix of numbers as coloured cells, each with its number written in it.
///
/// Colours run from orange over the page's own colour to blue, so that the sign of a difference
/// shows to people who see fewer colours, and a value at the middle of the scale recedes.
public struct Heatmap: Chart, Hashable {
    /// One number with what is known about it.
    public struct Cell: Sendable, Hashable {
        public var value: Double
        /// The ends of its interval, for the reader who points at the cell.
        public var lower: Double?
        public var upper: Double?
        /// What else the reader who points at it should know, as "200 questions".
        public var note: String
        /// Outlined, as the diagonal of a matrix of transfers.
        public var isMarked: Bool

        public init(
            value: Double, lower: Double? = nil, upper: Double? = nil, note: String = "",
            isMarked: Bool = false
        ) {
            (self.value, self.lower, self.upper) = (value, lower, upper)
            (self.note, self.isMarked) = (note, isMarked)
        }
    }

    /// Which values have the colours' middle and ends.
    public struct Scale: Sendable, Hashable {
        /// The value in the page's own colour.
        public var middle: Double
        /// The distance from the middle at which a colour is full, above 0.
        public var extent: Double

        public init(middle: Double, extent: Double) {
            (self.middle, self.extent) = (middle, extent)
        }

        /// From nothing to one, in blue alone: for shares.
        public static let share = Scale(middle: 0, extent: 1)

        /// Round zero, as far as the largest of these reaches; a tenth at least.
        public static func differences(_ values: [Double]) -> Scale {
            Scale(middle: 0, extent: max(0.1, values.filter(\.isFinite).map(abs).max() ?? 0))
        }
    }

    public var title: String
    /// What a reader who cannot see the picture should know.
    public var summary: String
    /// What rows are, as "trained on".
    public var rowTitle: String
    /// What columns are, as "tested on".
    public var columnTitle: String
    public var rows: [String]
    public var columns: [String]
    /// By row and column; nil where nothing was measured.
    public var cells: [[Cell?]]
    public var scale: Scale
    public var style: NumberStyle

    /// Traps unless there is a row of cells for each row, with a cell for each column.
    public init(
        title: String, summary: String, rowTitle: String = "", columnTitle: String = "",
        rows: [String], columns: [String], cells: [[Cell?]], scale: Scale = .share,
        style: NumberStyle = .percent
    ) {
        precondition(
            cells.count == rows.count && cells.allSatisfy { $0.count == columns.count },
            "cells of another number than rows and columns")
        (self.title, self.summary, self.rowTitle) = (title, summary, rowTitle)
        (self.columnTitle, self.rows, self.columns) = (columnTitle, rows, columns)
        (self.cells, self.scale, self.style) = (cells, scale, style)
    }

    public func svg(width: Int) -> String {
        HeatmapDrawing(self, width: Double(max(width, 240))).document()
    }
}
