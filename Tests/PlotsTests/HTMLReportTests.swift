import Plots
import Testing

struct HTMLReportTests {
    private let hostile = "<script>alert('x')</script> & \"quotes\" ]]> \u{1}\u{0}"

    @Test func snapshot() throws {
        let table = ReportTable(
            caption: "all",
            columns: [.text("measure"), .number("after")],
            rows: [["accuracy", "55.2 %"]]
        )
        let report = report([
            .paragraph("Before & after."),
            .keyFigures([KeyFigure(label: "accuracy", value: "55.2 %", note: "up")]),
            .table(table),
            .details(summary: "Recipe", [.code("a: 1\nb: <2>")]),
        ])
        try expectSnapshot(report.html(), "report.html")
    }

    @Test func noTextBecomesMarkup() throws {
        let html = report(everything(hostile), title: hostile).html()
        #expect(!html.contains("<script"))
        let elements = try #require(MarkupReader.read(html))
        #expect(elements.named("script").isEmpty)
        let shown = hostile.replacing("\u{1}", with: "\u{FFFD}").replacing(
            "\u{0}",
            with: "\u{FFFD}"
        )
        #expect(elements.named("h1").first?.text == shown)
        for name in ["td", "th", "caption", "code", "summary", "dd", "dt", "figcaption", "h2"] {
            #expect(elements.named(name).contains { $0.text.contains(shown) }, "\(name)")
        }
    }

    /// Pictures stand in the page itself: "AQID" are the bytes 1, 2, 3 in base 64.
    @Test func refersToNothingOutside() throws {
        let html = report(everything("text")).html()
        let elements = try #require(MarkupReader.read(html))
        for name in ["link", "script", "iframe", "object"] {
            #expect(elements.named(name).isEmpty)
        }
        let sources = elements.compactMap { $0.attributes["src"] }
        #expect(sources == ["data:image/png;base64,AQID"])
        #expect(elements.named("img").map { $0.attributes["alt"] } == ["text"])
        #expect(elements.allSatisfy { $0.attributes["href"] == nil })
        #expect(!html.contains("@import") && !html.contains("url("))
    }

    @Test func identifiersAreUnique() throws {
        let html = report(everything("text")).html()
        let identifiers = try #require(MarkupReader.read(html)).compactMap { $0.attributes["id"] }
        #expect(identifiers.count >= 4)
        #expect(Set(identifiers).count == identifiers.count)
    }

    @Test func numbersAreAlignedAndVerdictsAreWords() throws {
        let elements = try #require(MarkupReader.read(report(everything("1")).html()))
        #expect(elements.named("td", class: "number").count == 1)
        #expect(elements.named("span").map(\.text) == ["✗ wrong", "✓ right", ""])
    }

    private func everything(_ text: String) -> [ReportBlock] {
        let chart = LineChart(title: text, summary: text, xLabel: text, yLabel: text, series: [])
        let table = ReportTable(
            caption: text,
            columns: [.text(text), .number(text)],
            rows: [[text, text]]
        )
        let answers = [false, true, nil].map {
            Comparison.Answer(label: text, text: text, isRight: $0)
        }
        return [
            .paragraph(text),
            .keyFigures([KeyFigure(label: text, value: text, note: text)]),
            .table(table),
            .chart(chart, caption: text),
            .pictures([Picture(png: [1, 2, 3], caption: text)]),
            .details(summary: text, [.code(text)]),
            .comparison(Comparison(prompt: text, expected: text, answers: answers)),
        ]
    }

    private func report(_ blocks: [ReportBlock], title: String = "Report") -> HTMLReport {
        HTMLReport(
            title: title,
            lead: "What came of it.",
            sections: [.init(title, blocks)],
            footer: "Written by a test."
        )
    }
}
