import Statistics

/// Models trained on one part each, measured on all: accuracy by what was trained on and what was
/// asked.
public struct TransferMatrix: Sendable, Hashable, Codable {
    /// The method of training.
    public let name: String
    /// How answers were asked for.
    public let template: AnswerTemplate
    /// What was asked.
    public let columns: [String]
    /// The model before training first, where it was measured.
    public let rows: [Row]

    /// One model.
    public struct Row: Sendable, Hashable, Codable {
        /// Nil for the model before training.
        public let trainedOn: String?
        /// One for each column, with its controls.
        public let cells: [VisionSummary.Row]

        /// - Parameter trainedOn: nil for the model before training.
        public init(trainedOn: String?, cells: [VisionSummary.Row]) {
            (self.trainedOn, self.cells) = (trainedOn, cells)
        }

        enum CodingKeys: String, CodingKey {
            case cells
            case trainedOn = "trained_on"
        }
    }

    /// - Precondition: every row has a cell for each column.
    public init(name: String, template: AnswerTemplate, columns: [String], rows: [Row]) {
        precondition(rows.allSatisfy { $0.cells.count == columns.count }, "a row of another width")
        (self.name, self.template) = (name, template)
        (self.columns, self.rows) = (columns, rows)
    }

    /// Means of accuracies over cells, each cell weighing the same.
    public struct Means: Sendable, Hashable {
        /// Of the model before training; nil where it was not measured.
        public let untrained: Double?
        /// Asked what was trained on; nil without such cells.
        public let own: Double?
        /// Asked something else; nil without such cells.
        public let other: Double?
    }

    /// What training gains at home and elsewhere.
    public var means: Means {
        let trained = rows.flatMap { row in
            row.trainedOn.map { name in
                zip(columns, row.cells).map { (isOwn: $0 == name, value: $1.accuracy.value) }
            } ?? []
        }
        let before = rows.first { $0.trainedOn == nil }
        return Means(
            untrained: before.flatMap { row in
                MeanEstimate(row.cells.map(\.accuracy.value))?.mean
            },
            own: MeanEstimate(trained.filter(\.isOwn).map(\.value))?.mean,
            other: MeanEstimate(trained.filter { !$0.isOwn }.map(\.value))?.mean)
    }
}

/// Accuracies of one method less those of another, cell by cell, paired by question.
public struct MatrixDifference: Sendable, Hashable, Codable {
    /// The method whose accuracy stands first.
    public let first: String
    public let second: String
    public let columns: [String]
    public let rows: [Row]

    /// The models trained on one part.
    public struct Row: Sendable, Hashable, Codable {
        /// Nil for the model before training, asked in both ways.
        public let trainedOn: String?
        public let cells: [Cell]

        enum CodingKeys: String, CodingKey {
            case cells
            case trainedOn = "trained_on"
        }
    }

    /// One pair of accuracies.
    public struct Cell: Sendable, Hashable, Codable {
        public let n: Int
        public let value: Double
        /// Paired bootstrap.
        public let interval: Interval
        /// McNemar's exact p.
        public let p: Double

        enum CodingKeys: String, CodingKey {
            case n, value, interval
            case p = "mcnemar_p"
        }
    }
}

/// What the folders of one method hold.
public struct MatrixSubject: Sendable {
    public let name: String
    public let template: AnswerTemplate
    /// The model before training first, nil, then by what was trained on.
    public let rows: [(trainedOn: String?, cells: [Cell])]

    /// One part's questions as one model answered them.
    public struct Cell: Sendable {
        public let summary: VisionSummary.Row
        public let items: [ItemResult]

        public init(summary: VisionSummary.Row, items: [ItemResult]) {
            (self.summary, self.items) = (summary, items)
        }
    }

    public init(
        name: String, template: AnswerTemplate, rows: [(trainedOn: String?, cells: [Cell])]
    ) {
        (self.name, self.template, self.rows) = (name, template, rows)
    }

    /// The matrix of its accuracies.
    public func matrix(columns: [String]) -> TransferMatrix {
        TransferMatrix(
            name: name, template: template, columns: columns,
            rows: rows.map {
                .init(trainedOn: $0.trainedOn, cells: $0.cells.map(\.summary))
            })
    }
}

extension MatrixDifference {
    /// Compares two methods over the same parts.
    ///
    /// - Throws: ``ComparisonError`` when two cells did not answer the same questions.
    public init(
        _ first: MatrixSubject, _ second: MatrixSubject, columns: [String], seed: UInt64
    ) throws(ComparisonError) {
        (self.first, self.second, self.columns) = (first.name, second.name, columns)
        var rows: [Row] = []
        for row in first.rows {
            guard let other = second.rows.first(where: { $0.trainedOn == row.trainedOn }) else {
                continue
            }
            var cells: [Cell] = []
            for (own, rival) in zip(row.cells, other.cells) {
                cells.append(
                    try Cell(own.items, rival.items, (first.name, second.name), seed: seed))
            }
            rows.append(Row(trainedOn: row.trainedOn, cells: cells))
        }
        self.rows = rows
    }
}

extension MatrixDifference.Cell {
    fileprivate init(
        _ first: [ItemResult], _ second: [ItemResult], _ names: (String, String), seed: UInt64
    ) throws(ComparisonError) {
        // The outcomes' difference is the second's less the first's.
        let pairs = try PairedComparison.pairs(second, first, (names.1, names.0))
        let score = PairedScore(pairs, seed: seed)
        (n, value, interval, p) = (score.n, score.difference, score.interval, score.p)
    }
}
