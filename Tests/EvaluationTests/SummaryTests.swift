import Evaluation
import FileFormats
import Foundation
import Records
import TestSupport
import Testing

struct SummaryTests {
    private let items = results(
        "x yes:yes",
        "x yes:no",
        "y yes:yes",
        "y no:no",
        "y no:",
        "- maybe:yes"
    )

    /// Counts of six items.
    ///
    /// Right are 0, 2 and 3, so 3/6. Gold: 3 yes, 2 no, 1 maybe; majority 3/6.
    /// F1 yes: tp 2, fp 1 (item 5), fn 1 (item 1): 4/6. no: tp 1, fp 1, fn 1 (unparsable): 2/4.
    /// maybe: 0. Mean (2/3 + 1/2 + 0) / 3 = 7/18. Unparsable 1/6.
    @Test func byHand() {
        let summary = output(items).summary
        #expect(summary.n == 6 && summary.accuracy == 0.5 && summary.majority == 0.5)
        #expect(abs(summary.macroF1 - 7.0 / 18) < 1e-12)
        #expect(abs(summary.unparsable - 1.0 / 6) < 1e-12)
        #expect(summary.predictions == ["yes": 3, "no": 2])
        #expect(summary.groups.keys.sorted() == ["x", "y"])
        #expect(summary.groups["x"]?.n == 2 && summary.groups["x"]?.accuracy == 0.5)
        #expect(summary.groups["y"]?.n == 3)
        #expect(abs((summary.groups["y"]?.accuracy ?? 0) - 2.0 / 3) < 1e-12)
        #expect(summary.interval.lower < 0.5 && summary.interval.upper > 0.5)
        #expect(summary.interval.contains(1.0 / 3) && summary.interval.contains(2.0 / 3))
    }

    @Test func filesHaveTheDocumentedKeys() throws {
        try withFolder { folder in
            let output = output(items)
            try output.write(to: folder.appending(path: "deep/run"))
            let written = folder.appending(path: "deep/run")
            let summary = try JSONDocument.read(written.appending(path: "summary.json"))
            #expect(
                summary.object?.keys.sorted() == [
                    "accuracy", "groups", "interval", "macro_f1", "majority", "method", "model",
                    "n",
                    "predictions", "seed", "task", "unparsable",
                ]
            )
            #expect(summary["interval"]?.object?.keys.sorted() == ["lower", "upper"])
            let rows = try JSONLines(url: written.appending(path: "items.jsonl")).readAll().records
            #expect(rows.count == 6 && rows[4].value["predicted"] == .null)
            #expect(rows[0].value["correct"] == .bool(true) && rows[5].value["group"] == nil)
            #expect(try EvaluationOutput(reading: written) == output)
            // Again, over the older one.
            try output.write(to: written)
            #expect(try EvaluationOutput(reading: written) == output)
        }
    }

    @Test func tablesFitATerminal() {
        let long = String(repeating: "cardiology-", count: 12)
        let table = output(results("\(long) a:a", "\(long) b:a", "y a:a")).summary.table()
        #expect(
            table.split(separator: "\n").allSatisfy { $0.count <= 80 && !$0.hasSuffix(" ") },
            "\(table)"
        )
        #expect(table.contains("66.7 %"))
    }

    /// Whatever byte the files end at, reading them is an error and never a wrong result.
    @Test func truncatedFilesAreErrors() throws {
        try withFolder { folder in
            try output(items).write(to: folder)
            for name in ["summary.json", "items.jsonl"] {
                let url = folder.appending(path: name)
                let whole = try Data(contentsOf: url)
                // Without the last line break nothing is lost.
                for count in 0..<(whole.count - 2) {
                    try whole.prefix(count).write(to: url)
                    #expect(throws: FormatError.self, "\(name) of \(count) bytes") {
                        try EvaluationOutput(reading: folder)
                    }
                }
                try whole.write(to: url)
            }
            #expect(try EvaluationOutput(reading: folder).items.count == 6)
        }
    }

    @Test func contradictionsAreErrors() throws {
        try withFolder { folder in
            try output(items).write(to: folder)
            let file = folder.appending(path: "items.jsonl")
            let text = try String(contentsOf: file, encoding: .utf8)
            func fault(_ text: String) throws -> FormatError? {
                try Data(text.utf8).write(to: file)
                return #expect(throws: FormatError.self) { try EvaluationOutput(reading: folder) }
            }
            let turned = text.replacing("\"correct\":true", with: "\"correct\":false")
            #expect(try fault(turned)?.item == "line 1")
            #expect(try fault(text.replacing("\"q3\"", with: "\"q0\""))?.item == "line 4")
            let wrong = text.replacing(
                #""correct":false,"gold":"maybe","id":"q5","predicted":"yes""#,
                with: #""correct":true,"gold":"maybe","id":"q5","predicted":"maybe""#
            )
            #expect(wrong != text)
            #expect(try fault(wrong)?.reason.contains("accuracy") == true)
            try Data(text.utf8).write(to: file)
            try FileManager.default.removeItem(at: folder.appending(path: "summary.json"))
            #expect(throws: FormatError.self) { try EvaluationOutput(reading: folder) }
        }
    }
}
