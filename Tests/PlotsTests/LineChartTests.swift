import Plots
import Testing

struct LineChartTests {
    @Test func snapshot() throws {
        let training = (1...12).map { Series.Point(x: Double($0 * 10), y: 2.5 - 0.1 * Double($0)) }
        let validation = [Series.Point(x: 60, y: 2.05), Series.Point(x: 120, y: 1.6)]
        let chart = chart([
            Series(name: "training", points: training, smoothing: 0.5),
            Series(name: "validation", points: validation),
        ])
        try expectSnapshot(chart.svg(), "line.svg")
    }

    @Test func isNamedForThoseWhoCannotSeeIt() throws {
        let elements = try #require(MarkupReader.read(chart([]).svg()))
        let root = try #require(elements.first)
        #expect(root.name == "svg" && root.attributes["role"] == "img")
        let identifiers = (elements.named("title") + elements.named("desc")).map {
            $0.attributes["id"] ?? ""
        }
        #expect(root.attributes["aria-labelledby"] == identifiers.joined(separator: " "))
        #expect(elements.named("title")[0].text == "Loss <&> \"more\"")
    }

    @Test func pointsThatAreNotFiniteInterruptTheLine() throws {
        let points = [1, 2, .nan, 3, .infinity, 4].enumerated().map {
            Series.Point(x: Double($0), y: $1)
        }
        let svg = chart([Series(name: "a", points: points)]).svg()
        let elements = try #require(MarkupReader.read(svg))
        let path = try #require(elements.named("path").first?.attributes["d"])
        #expect(path.count { $0 == "M" } == 3)
        #expect(elements.named("circle").count == 4)
        #expect(!svg.lowercased().contains("nan") && !svg.contains("inf"))
    }

    @Test(arguments: [[], [Series.Point(x: 1, y: .nan)]])
    func sayWhenThereIsNothing(points: [Series.Point]) throws {
        let svg = chart([Series(name: "a", points: points)]).svg()
        let elements = try #require(MarkupReader.read(svg))
        #expect(elements.named("text").contains { $0.text == "nothing measured yet" })
        #expect(elements.named("path").isEmpty)
    }

    @Test func singleAndConstantSeriesAreDrawn() throws {
        let cases: [[Double]] = [
            [3], [3, 3], [0], [1e300, -1e300], [.leastNonzeroMagnitude, 0], [1e18, 1e18 + 256],
        ]
        for ys in cases {
            let points = ys.enumerated().map { Series.Point(x: Double($0), y: $1) }
            let svg = chart([Series(name: "a", points: points, smoothing: 0.9)]).svg()
            let elements = try #require(MarkupReader.read(svg))
            #expect(elements.named("circle").count == ys.count)
        }
    }

    // 100,000 points on 784 columns: at most 4 a column remain, and both extremes among them.
    @Test func longSeriesAreThinnedAndKeepTheirExtremes() throws {
        var points = (0..<100_000).map { Series.Point(x: Double($0), y: Double($0 % 7)) }
        points[50_001].y = 100
        let elements = try #require(
            MarkupReader.read(chart([Series(name: "a", points: points)]).svg())
        )
        let path = try #require(elements.named("path").first?.attributes["d"])
        #expect(path.count { $0 == "L" } < 4 * 784)
        let heights = path.dropFirst().split(separator: "L").compactMap {
            $0.split(separator: " ").last.flatMap { Double($0) }
        }
        let top = try #require(elements.named("line", class: "g").last?.attributes["y1"])
        #expect(heights.min() == Double(top))
    }

    @Test func ticksAreRoundAndInsideTheFrame() throws {
        let points = (0...34_000).filter { $0.isMultiple(of: 500) }.map {
            Series.Point(x: Double($0), y: 0.0123 + 1e-7 * Double($0))
        }
        let svg = chart([Series(name: "a", points: points)]).svg()
        let labels = try #require(MarkupReader.read(svg)).named("text", class: "q").map(\.text)
        #expect(labels.contains("10k") && labels.contains("30k") && labels.contains("0.013"))
    }

    @Test(arguments: [240, 336, 500, 784, 1200])
    func textStaysInside(width: Int) throws {
        let series = (0..<8).map { index in
            Series(name: "series \(index)", points: [.init(x: 0, y: 1), .init(x: 9, y: 2)])
        }
        let elements = try #require(MarkupReader.read(chart(series).svg(width: width)))
        for text in elements.named("text") {
            let x = Double(text.attributes["x"] ?? "") ?? -1
            #expect(x >= 0 && x <= Double(width))
        }
    }

    private func chart(_ series: [Series]) -> LineChart {
        LineChart(
            title: "Loss <&> \"more\"",
            summary: "It falls.",
            xLabel: "step",
            yLabel: "nats",
            series: series
        )
    }
}

struct LineChartIntervalTests {
    /// Two series of two points: four bars, each round its dot, within the frame.
    @Test func barsStandRoundTheirPoints() throws {
        let series = [0.9, 0.4].map { base in
            Series(
                name: "\(base)",
                points: [0, 4].map {
                    Series.Point(
                        x: $0, y: base - $0 / 20, lower: base - $0 / 20 - 0.05,
                        upper: base - $0 / 20 + 0.03)
                })
        }
        let chart = LineChart(
            title: "Accuracy", summary: "It falls.", xLabel: "epsilon", yLabel: "accuracy",
            series: series, style: .percent)
        let elements = try #require(MarkupReader.read(chart.svg()))
        let bars = elements.named("line", class: "f")
        let dots = elements.named("circle").compactMap { Double($0.attributes["cy"] ?? "") }
        #expect(bars.count == 4 && dots.count == 4)
        for (bar, dot) in zip(bars, dots) {
            let low = try #require(Double(bar.attributes["y1"] ?? ""))
            let high = try #require(Double(bar.attributes["y2"] ?? ""))
            #expect(high < dot && dot < low)
        }
        let ticks = elements.named("text", class: "e").map(\.text)
        #expect(ticks.contains { $0.hasSuffix("\u{A0}%") })
    }
}
