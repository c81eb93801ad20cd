import Foundation

extension ReportBlock {
    var markup: String {
        switch self {
        case .paragraph(let text): "<p>\(escaped(text))</p>"
        case .keyFigures(let figures):
            "<dl class=\"figures\">\n\(figures.map(\.markup).joined(separator: "\n"))\n</dl>"
        case .table(let table): table.markup
        case .chart(let chart, let caption): Self.figure(of: chart, caption: caption)
        case .pictures(let pictures):
            "<div class=\"pictures\">\n\(pictures.map(\.markup).joined(separator: "\n"))\n</div>"
        case .code(let text): "<pre><code>\(escaped(text))</code></pre>"
        case .details(let summary, let blocks):
            """
            <details><summary>\(escaped(summary))</summary>
            \(blocks.map(\.markup).joined(separator: "\n"))
            </details>
            """
        case .comparison(let comparison): comparison.markup
        }
    }

    private static func figure(of chart: any Chart, caption: String) -> String {
        """
        <figure>
        <div class="wide">\(chart.svg())</div>
        <div class="narrow">\(chart.svg(width: 336))</div>
        <figcaption>\(escaped(caption))</figcaption>
        </figure>
        """
    }
}

extension Picture {
    /// The file itself stands in the page, which refers to nothing outside.
    fileprivate var markup: String {
        """
        <figure>
        <img alt="\(escaped(caption))" src="data:image/png;base64,\
        \(Data(png).base64EncodedString())"/>
        <figcaption>\(escaped(caption))</figcaption>
        </figure>
        """
    }
}

extension KeyFigure {
    fileprivate var markup: String {
        """
        <div><dt>\(escaped(label))</dt><dd>\(escaped(value))</dd>\
        <dd class="note">\(escaped(note))</dd></div>
        """
    }
}

extension ReportTable {
    fileprivate var markup: String {
        """
        <div class="scroll" role="region" aria-label="\(escaped(caption))" tabindex="0">
        <table>
        <caption>\(escaped(caption))</caption>
        <thead><tr>\(columns.map(heading).joined())</tr></thead>
        <tbody>
        \(rows.map { "<tr>\(cells(of: $0))</tr>" }.joined(separator: "\n"))
        </tbody>
        </table>
        </div>
        """
    }

    private func heading(_ column: Column) -> String {
        "<th scope=\"col\"\(alignment(of: column))>\(escaped(column.title))</th>"
    }

    private func cells(of row: [String]) -> String {
        zip(columns, row).map { column, text in
            "<td\(alignment(of: column))>\(escaped(text))</td>"
        }.joined()
    }

    private func alignment(of column: Column) -> String {
        column.isNumeric ? " class=\"number\"" : ""
    }
}

extension Comparison {
    fileprivate var markup: String {
        let expected = expected.map { "<p class=\"expected\">Expected: \(escaped($0))</p>\n" } ?? ""
        return """
            <article class="comparison">
            <p class="prompt">\(escaped(prompt))</p>
            \(expected)<div class="answers">
            \(answers.map(\.markup).joined(separator: "\n"))
            </div>
            </article>
            """
    }
}

extension Comparison.Answer {
    fileprivate var markup: String {
        """
        <div class="answer \(verdict.name)"><p class="who">\(escaped(label))\
        <span>\(verdict.mark)</span></p>
        <p>\(escaped(text))</p></div>
        """
    }

    /// The class of the box, and the words that say the same without colour.
    private var verdict: (name: String, mark: String) {
        switch isRight {
        case true?: ("right", "✓ right")
        case false?: ("wrong", "✗ wrong")
        case nil: ("open", "")
        }
    }
}
