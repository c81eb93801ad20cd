import Answers
import Evaluation
import FileFormats
import Foundation
import Plots
import Records
import TestSupport
import Testing

/// Questions with two options, the right one always B "y", about an image each; odd ones are of CT.
///
/// - Parameter clusters: which questions share an image.
func visionTask(
    _ count: Int, kind: VisionTask.Kind = .omnimedvqa, clusters: [Int?]? = nil
) -> VisionTask {
    VisionTask(
        kind: kind,
        questions: (0..<count).map { number in
            VisionQuestion(
                id: "q\(number)", text: "\(ImageReference.placeholder)Q? A)x, B)y",
                asked: TextQuestion(
                    question: "Q?",
                    options: [
                        AnswerOption(label: "A", text: "x"), AnswerOption(label: "B", text: "y"),
                    ], gold: "B"),
                images: [ImageReference(path: "\(number).png")],
                facets: [
                    "modality": number % 2 == 1 ? "CT" : "MRI", "task": "Disease Diagnosis",
                ], cluster: clusters?[number])
        }, dataHash: "0")
}

/// Rows that are right where a digit is 1: strictly right where the second list says so.
func rows(_ right: String, strict: String? = nil) -> [ItemResult] {
    let strict = strict.map { Array($0) }
    return right.enumerated().map { place, digit in
        ItemResult(
            id: "q\(place)", gold: "B", predicted: digit == "1" ? "B" : "A", text: "r",
            strict: strict.map { $0[place] == "1" }, hasForm: strict == nil ? nil : true)
    }
}

struct VisionSummaryTests {
    private let settings = VisionSettings(templates: [.noThink, .think], seed: 3)

    private func summary(_ training: TextTraining?) -> VisionSummary {
        VisionSummary(
            task: visionTask(8), model: "m", adapter: nil, settings: settings,
            results: [
                TemplateResults(
                    template: .noThink, items: rows("11111100", strict: "11110000"),
                    controls: [.blank: rows("10101010"), .shuffled: rows("11100000")]),
                TemplateResults(
                    template: .think, items: rows("11110000", strict: "11110000"),
                    controls: [.blank: rows("00000000"), .shuffled: rows("00000000")]),
            ],
            training: training)
    }

    /// Eight questions, six right forgivingly and four strictly. The majority, fitted on the
    /// questions, knows that y is always right: the gain is 6/8 - 8/8.
    @Test func byHand() throws {
        let summary = summary(nil)
        let row = try #require(summary.templates.first?.rows.first)
        #expect(row.n == 8 && row.accuracy.value == 0.75 && row.strict?.value == 0.5)
        #expect(row.form?.value == 1)
        #expect(row.controls.map(\.name) == ["majority", "prior", "blank", "shuffled"])
        #expect(row.controls.map { $0.accuracy?.value } == [1, nil, 0.5, 0.375])
        #expect(row.controls[1].missing == "no training file")
        let gain = try #require(row.visualGain)
        #expect(gain.value == -0.25 && gain.over == "majority")
        #expect(gain.interval.lower < -0.25 && gain.interval.upper >= -0.25)
        // All, two modalities, one task type, and both crossed.
        #expect(summary.templates[0].rows.count == 1 + 2 + 1 + 2)
        let ct = try #require(summary.templates[0].rows.first { $0.facets["modality"] == "CT" })
        // Items 1, 3, 5, 7: right are 1, 3, 5.
        #expect(ct.n == 4 && ct.accuracy.value == 0.75)
        // no-think less think: right on 6 and on 4.
        let difference = try #require(summary.difference?.first)
        #expect(difference.value == 0.25 && difference.n == 8 && difference.p == 0.5)
    }

    /// A training file whose right answer is x makes majority and prior wrong everywhere, and the
    /// best control the blank image: 6/8 - 4/8.
    @Test func controlsLearnFromTheTrainingFile() throws {
        let options = [AnswerOption(label: "A", text: "x"), AnswerOption(label: "B", text: "y")]
        let training = TextTraining(
            questions: (0..<3).map { _ in
                TextQuestion(question: "Q?", options: options, gold: "A")
            }, sha256: "1")
        let summary = summary(training)
        let row = try #require(summary.templates.first?.rows.first)
        #expect(row.controls.map { $0.accuracy?.value } == [0, 0, 0.5, 0.375])
        #expect(row.visualGain?.value == 0.25 && row.visualGain?.over == "blank")
        #expect(summary.trainQuestions == 3 && summary.trainHash == "1")
    }

    @Test func tablesSayWhatIsMissing() {
        let text = summary(nil).table()
        #expect(text.contains("visual gain") && text.contains("the prior is missing"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 140 })
        #expect(text.contains("CT / Disease Diagnosis"))
        let markdown = summary(nil).markdown()
        #expect(markdown.contains("| all | 8 | 75.0 |"))
        #expect(markdown.contains("Accuracy of no-think less that of think"))
    }

    @Test func filesAndHeatmaps() throws {
        try withFolder { folder in
            let report = VisionReport(
                summary(nil),
                views: [
                    .init(
                        id: "q0", question: "Q?", expected: "B", answer: "A", saliency: [1, 2],
                        attention: nil)
                ], command: "preceptor evaluate")
            try report.write(to: folder)
            #expect(try VisionSummary(reading: folder) == summary(nil))
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            #expect(
                names == [
                    "accuracy-no-think.svg", "accuracy-think.svg", "difference.svg",
                    "gain-no-think.svg", "gain-think.svg", "overlay-1-saliency.png", "report.html",
                    "vision.json", "vision.md",
                ])
            let page = try String(
                contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
            #expect(page.contains("data:image/png;base64,AQI=") && page.contains("over the best"))
        }
        let chart = try #require(summary(nil).heatmaps.first?.chart)
        #expect(chart.rows == ["CT", "MRI"] && chart.columns == ["Disease Diagnosis"])
        #expect(chart.cells[0][0]?.value == 0.75 && chart.cells[1][0]?.value == 0.75)
    }

    /// Open answers: their own means, and no strict share by likelihood.
    @Test func openQuestions() throws {
        let asked = TextQuestion(question: "Where?", options: [], gold: "left lobe")
        let task = VisionTask(
            kind: .vqaRAD,
            questions: ["a", "b"].map {
                VisionQuestion(
                    id: $0, text: "Where?", asked: asked, images: [], facets: ["split": "open"])
            }, dataHash: "0")
        let items = ["left lobe", "left"].map { reply in
            let gold = OpenAnswer("left lobe")
            return ItemResult(
                id: "x", gold: gold.text, predicted: reply,
                open: OpenScore(OpenAnswer(reply), gold: gold))
        }
        let summary = VisionSummary(
            task: task, model: "m", adapter: nil,
            settings: VisionSettings(templates: [.direct], showsControls: false),
            results: [TemplateResults(template: .direct, items: items, controls: [:])],
            training: nil)
        let row = try #require(summary.templates.first?.rows.first)
        // Recall 1 and 1/2; F1 1 and 2/3.
        #expect(row.open?.n == 2 && row.open?.exact == 0.5 && row.open?.tokenRecall == 0.75)
        #expect(abs((row.open?.tokenF1 ?? 0) - 5.0 / 6) < 1e-12 && row.strict == nil)
        #expect(row.controls.last?.missing == "not asked for")
        #expect(summary.markdown().contains("token recall"))
    }
}
