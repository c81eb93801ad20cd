import Evaluation
import Foundation
import Plots
import Records
import TestSupport
import Testing

struct ReportTests {
    private func report(_ before: [ItemResult], _ after: [ItemResult]) throws -> EvaluationReport {
        let questions = before.map { item in
            EvaluationItem(
                id: item.id,
                messages: [Message(role: "user", content: "Question of \(item.id)?")],
                options: [.init(label: "a", text: "Asthma & <co>"), .init(label: "b", text: "b")],
                gold: item.gold
            )
        }
        let loss = LineChart(
            title: "Loss",
            summary: "It falls.",
            xLabel: "step",
            yLabel: "loss",
            series: [.init(name: "training", points: [.init(x: 1, y: 2), .init(x: 2, y: 1)])]
        )
        return EvaluationReport(
            title: "Quickstart",
            measurements: [
                try .init(title: "By generation", before: output(before), after: output(after))
            ],
            questions: questions,
            examples: 2,
            lossChart: loss,
            training: [("records", "400")],
            environment: [("model", "smollm2-135m")],
            command: "preceptor quickstart"
        )
    }

    @Test func holdsEverything() throws {
        let html = try report(
            results("x a:b", "x b:", "y a:b"),
            results("x a:a", "x b:b", "y a:a")
        ).page().html()
        for text in [
            "Quickstart", "By generation", "+100.0 pp", "By group",
            "Loss over the optimizer steps.",
            "smollm2-135m", "preceptor quickstart", "Question of q0?", "Question of q1?",
            "Expected: a. Asthma &amp; &lt;co&gt;", "p = 0.250", "100.0 %",
        ] {
            #expect(html.contains(text), "\(text)")
        }
        #expect(!html.contains("Question of q2?") && !html.contains("<co>"))
    }

    @Test func optionalSectionsStayAway() throws {
        var report = try report(results("- a:b"), results("- a:a"))
        (report.lossChart, report.training, report.questions) = (nil, [], [])
        let html = report.page().html()
        #expect(!html.contains("Training") && !html.contains("side by side"))
        #expect(!html.contains("By group") && html.contains("Do it again"))
    }

    @Test func isWritten() throws {
        try withFolder { folder in
            let url = folder.appending(path: "report.html")
            try report(results("x a:b"), results("x a:a")).write(to: url)
            let text = try String(contentsOf: url, encoding: .utf8)
            #expect(text.hasPrefix("<!DOCTYPE html>") && text.hasSuffix("</html>\n"))
        }
    }
}
