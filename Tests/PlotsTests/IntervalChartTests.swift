import Plots
import Testing

struct IntervalChartTests {
    private let rows = [
        IntervalChart.Row(label: "before", estimate: 0.41, lower: 0.367, upper: 0.452, colour: 4),
        IntervalChart.Row(label: "after", estimate: 0.552, lower: 0.51, upper: 0.594),
    ]

    @Test func snapshot() throws {
        let reference = IntervalChart.Reference(label: "majority", value: 0.338)
        try expectSnapshot(chart(rows, reference: reference).svg(), "intervals.svg")
    }

    @Test(arguments: [336, 784])
    func drawsDotsWithinTheirIntervals(width: Int) throws {
        let elements = try #require(MarkupReader.read(chart(rows).svg(width: width)))
        let dots = elements.named("circle").compactMap { Double($0.attributes["cx"] ?? "") }
        let bars = elements.named("line", class: "w").filter {
            $0.attributes["y1"] == $0.attributes["y2"]
        }
        #expect(dots.count == 2 && bars.count == 2)
        for (dot, bar) in zip(dots, bars) {
            let (low, high) = (bar.attributes["x1"] ?? "", bar.attributes["x2"] ?? "")
            #expect((Double(low) ?? 0) < dot && dot < (Double(high) ?? 0))
        }
        #expect(dots[0] < dots[1])
    }

    @Test func writesValuesInTheirStyle() throws {
        #expect(chart(rows).svg().contains("55.2\u{A0}% (51.0 to 59.4)"))
        let difference = IntervalChart.Row(label: "d", estimate: 0.142, lower: -0.01, upper: 0.29)
        #expect(
            chart([difference], style: .difference).svg()
                .contains("+14.2\u{A0}pp (\u{2212}1.0 to +29.0)")
        )
        #expect(chart(rows, style: .plain).svg().contains("0.552 (0.510 to 0.594)"))
    }

    @Test func rowsWithoutAnIntervalKeepTheirLabel() throws {
        let odd = IntervalChart.Row(label: "odd", estimate: 1, lower: .nan, upper: .infinity)
        let reference = IntervalChart.Reference(label: "none", value: .nan)
        let svg = chart(rows + [odd], reference: reference).svg()
        let elements = try #require(MarkupReader.read(svg))
        #expect(elements.named("circle").count == 2)
        #expect(elements.named("text").map(\.text).contains("odd"))
        #expect(elements.named("line", class: "r").isEmpty)
    }

    @Test func worksWithoutRows() throws {
        #expect(MarkupReader.read(chart([]).svg()) != nil)
    }

    private func chart(
        _ rows: [IntervalChart.Row],
        style: NumberStyle = .percent,
        reference: IntervalChart.Reference? = nil
    ) -> IntervalChart {
        IntervalChart(
            title: "Accuracy",
            summary: "It rises.",
            xLabel: "accuracy",
            style: style,
            rows: rows,
            reference: reference
        )
    }
}
