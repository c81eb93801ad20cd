import Plots

extension VisionSummary {
    /// The summary for a terminal: one table for each template, at most 132 columns wide.
    public func table() -> String {
        let tables = templates.map { template in
            let table = self.table(of: template)
            let rows = [table.columns.map(\.title)] + table.rows
            return ([table.caption] + TextTable.lines(rows, width: 132)).joined(separator: "\n")
        }
        let lines = notes.flatMap { TextTable.wrapped($0, width: 100) }.joined(separator: "\n")
        return (tables + [lines]).joined(separator: "\n\n")
    }

    /// The same as Markdown.
    public func markdown() -> String {
        (templates.map { table(of: $0).markdown } + openTables.map(\.markdown)
            + differenceTables.map(\.markdown) + notes).joined(separator: "\n\n") + "\n"
    }

    /// Accuracy, read forgivingly and strictly, beside every control.
    func table(of template: Template) -> ReportTable {
        ReportTable(
            caption:
                "\(task) by \(settings.method.rawValue), template \(template.template.rawValue), "
                + "\(n) questions",
            columns: [
                .text("questions"), .number("n"), .number("forgiving"), .number("95 %"),
                .number("strict"), .number("form"), .number("majority"), .number("prior"),
                .number("blank"), .number("shuffled"), .number("visual gain"), .number("95 %"),
            ],
            rows: template.rows.map { row in
                [
                    row.name(breakdown(of: row)), "\(row.n)", share(row.accuracy.value),
                    "\(share(row.accuracy.interval.lower))\u{2013}"
                        + share(row.accuracy.interval.upper),
                    row.strict.map { share($0.value) } ?? Self.none,
                    row.form.map { share($0.value) } ?? Self.none,
                ]
                    + ["majority", "prior", "blank", "shuffled"].map {
                        row.control($0).map(share) ?? Self.none
                    }
                    + [
                        row.visualGain.map { signedPoints($0.value) } ?? Self.none,
                        row.visualGain.map {
                            signedPoints($0.interval.lower) + " to "
                                + signedPoints($0.interval.upper)
                        } ?? Self.none,
                    ]
            })
    }

    /// What open answers share with the right ones, for each template that has any.
    var openTables: [ReportTable] {
        templates.compactMap { template in
            let rows = template.rows.compactMap { row in
                row.open.map { open in
                    [
                        row.name(breakdown(of: row)), "\(open.n)", share(open.exact),
                        decimal(open.tokenF1, 3), decimal(open.tokenRecall, 3),
                    ]
                }
            }
            guard !rows.isEmpty else { return nil }
            return ReportTable(
                caption: "Open questions, template \(template.template.rawValue)",
                columns: [
                    .text("questions"), .number("n"), .number("exact after normalisation"),
                    .number("token F1"), .number("token recall (LLaVA-Med's open accuracy)"),
                ], rows: rows)
        }
    }

    /// The first template against the second.
    var differenceTables: [ReportTable] {
        guard let difference, templates.count > 1 else { return [] }
        let names = templates.prefix(2).map(\.template.rawValue)
        return [
            ReportTable(
                caption: "Accuracy of \(names[0]) less that of \(names[1])",
                columns: [
                    .text("questions"), .number("n"), .number("difference"),
                    .number("95 % interval"), .number("McNemar"),
                ],
                rows: zip(difference, templates[0].rows).map { value, row in
                    [
                        row.name(breakdown(of: row)), "\(value.n)", points(value.value),
                        pointRange(value.interval), probability(value.p),
                    ]
                })
        ]
    }

    /// What a reader must know to take the numbers for what they are.
    var notes: [String] {
        var notes = [
            "Per cent; forgiving: the answer wherever the reply gives it; strict: only in the form "
                + "asked for. Visual gain: forgiving less the best control, percentage points."
        ]
        notes.append(
            trainQuestions.map { "Majority and prior were fitted on \($0) training questions." }
                ?? "No training file: the prior is missing, and the majority was fitted on the "
                + "questions themselves, which flatters it.")
        notes.append(intervals)
        if task == VisionTask.Kind.omnimedvqa.rawValue {
            notes.append(
                "Where the file names no task type it is told from the question by a list of "
                    + "words, which is a guess.")
        }
        if unasked > 0 {
            notes.append("\(unasked) open questions were not asked: they have no options to score.")
        }
        return notes
    }

    /// How the intervals were found.
    private var intervals: String {
        guard let clusters = templates.first?.rows.first?.clusters else {
            return "No two questions share an image: intervals are Wilson's, and of differences "
                + "bootstraps of questions."
        }
        return
            "The \(n) questions share images, or belong together by a column: intervals resample "
            + "the \(clusters) images, or sets of images that questions or the column connect, "
            + "each with all of its questions. McNemar's test takes questions as independent, and "
            + "its p is too small then."
    }

    /// The breakdown that a row is of.
    func breakdown(of row: Row) -> [String] {
        let kinds = VisionTask.Kind(rawValue: task)?.breakdowns ?? []
        return kinds.first { Set($0) == Set(row.facets.keys) } ?? row.facets.keys.sorted()
    }

    static let none = "\u{2013}"

    private func share(_ value: Double) -> String { decimal(value * 100, 1) }

    private func signedPoints(_ value: Double) -> String {
        String(points(value).dropLast(" pp".count))
    }
}

extension ReportTable {
    /// A table of Markdown with its caption.
    var markdown: String {
        let heading = "| " + columns.map(\.title).joined(separator: " | ") + " |"
        let rule = "|" + columns.map { $0.isNumeric ? "---:|" : "---|" }.joined()
        let lines = rows.map { "| " + $0.joined(separator: " | ") + " |" }
        return (["**\(caption)**", "", heading, rule] + lines).joined(separator: "\n")
    }
}
