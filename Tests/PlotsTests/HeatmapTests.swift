import Testing

@testable import Plots

struct HeatmapTests {
    private let chart = Heatmap(
        title: "Accuracy by what was trained on", summary: "Trained on CT it knows CT best.",
        rowTitle: "trained on", columnTitle: "tested on", rows: ["CT", "Fundus Photography"],
        columns: ["CT", "Fundus Photography", "OCT"],
        cells: [
            [
                .init(value: 0.942, lower: 0.9, upper: 0.97, note: "200 questions", isMarked: true),
                .init(value: 0.41, lower: 0.34, upper: 0.48), nil,
            ],
            [.init(value: 0.305), .init(value: 0.88, isMarked: true), .init(value: .nan)],
        ])

    private var difference: Heatmap {
        var chart = chart
        chart.cells = chart.cells.map { row in
            row.map { cell in cell.map { Heatmap.Cell(value: $0.value - 0.5) } }
        }
        chart.scale = .differences(chart.cells.joined().compactMap { $0?.value })
        chart.style = .difference
        return chart
    }

    @Test func snapshot() throws {
        try expectSnapshot(chart.svg(), "heatmap.svg")
    }

    @Test(arguments: [240, 336, 784])
    func cellsHoldTheirNumbersAndTips(width: Int) throws {
        let elements = try #require(MarkupReader.read(chart.svg(width: width)))
        let texts = elements.named("text").map(\.text)
        #expect(
            texts.contains(width < 300 ? "94" : "94.2") && texts.count { $0 == "\u{2013}" } == 2)
        let tips = elements.named("title").map(\.text)
        #expect(tips.contains("CT, CT: 94.2\u{A0}% (90.0 to 97.0), 200 questions"))
        #expect(tips.contains("CT, OCT: not measured"))
        #expect(elements.named("rect", class: "u").count == 2)
    }

    /// Nothing is drawn outside the picture, whatever its width.
    @Test(arguments: [240, 336, 784])
    func staysInside(width: Int) throws {
        for chart in [chart, difference] {
            let elements = try #require(MarkupReader.read(chart.svg(width: width)))
            for box in elements.named("rect") where box.attributes["class"] != "bg" {
                let x = try #require(Double(box.attributes["x"] ?? ""))
                let extent = try #require(Double(box.attributes["width"] ?? ""))
                #expect(x >= 0 && x + extent <= Double(width))
            }
        }
    }

    /// Six steps to a side: 0.942 of 1 is 5.652, so step 6; 0.41 is 2.46, so 2. Of differences up
    /// to 0.442, -0.09 is -1.2217, so step -1, and -0.195 is -2.647, so -3.
    @Test func stepsOfTheScale() {
        #expect(HeatmapPalette.step(of: 0.942, on: .share) == 6)
        #expect(HeatmapPalette.step(of: 0.41, on: .share) == 2)
        let scale = Heatmap.Scale.differences([0.442, -0.09, .nan])
        #expect(scale.extent == 0.442 && Heatmap.Scale.differences([0.01]).extent == 0.1)
        #expect(HeatmapPalette.step(of: -0.09, on: scale) == -1)
        #expect(HeatmapPalette.step(of: -0.195, on: scale) == -3)
        #expect(HeatmapPalette.step(of: 7, on: scale) == 6)
        #expect(HeatmapPalette.step(of: .nan, on: scale) == nil)
    }

    /// WCAG asks 4.5 for text of this size; black or white has that on every colour.
    @Test func everyCellIsReadable() {
        for page in [HeatmapPalette.Page.light, .dark] {
            for step in -HeatmapPalette.steps...HeatmapPalette.steps {
                let (fill, ink) = HeatmapPalette.colours(step, page)
                #expect(fill.contrast(ink) >= 4.5, "step \(step): \(fill.contrast(ink))")
            }
        }
    }

    @Test func differencesHaveTheirSigns() throws {
        let elements = try #require(MarkupReader.read(difference.svg()))
        let texts = elements.named("text").map(\.text)
        #expect(texts.contains("+44.2") && texts.contains("\u{2212}9.0"))
        #expect(elements.named("rect", class: "p6").count == 2)  // The cell and the key.
        #expect(texts.contains("\u{2212}44") && texts.contains("+44\u{A0}pp"))
    }

    @Test func worksWithoutCells() throws {
        let empty = Heatmap(title: "None", summary: "", rows: [], columns: [], cells: [])
        #expect(MarkupReader.read(empty.svg()) != nil)
    }
}
