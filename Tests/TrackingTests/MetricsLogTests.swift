import Foundation
import TestSupport
import Testing
import Tracking

struct MetricsLogTests {
    @Test func rowsComeBackAsTheyWere() throws {
        try withLog { log in
            let rows = [
                row(1, ["loss": 2.5, "learning_rate": 1e-5]),
                row(2, ["loss": .nan, "grad_norm": .infinity, "low": -.infinity]),
                row(2, ["eval_loss": 0.1 + 0.2, "odd \"name\"\n": 1]),
            ]
            for row in rows { try log.append(row) }
            try log.synchronize()
            let read = try MetricsLog.rows(of: log.url)
            #expect(read.count == 3)
            #expect(read[0] == rows[0] && read[2] == rows[2])
            #expect(read[1].values["loss"]?.isNaN == true)
            #expect(read[1].values["grad_norm"] == .infinity)
            #expect(read[1].values["low"] == -.infinity)
        }
    }

    @Test func linesAreValidJSONWithNullForWhatIsNotFinite() throws {
        try withLog { log in
            try log.append(
                MetricsRow(
                    step: 3,
                    epoch: 0.5,
                    time: 1.5,
                    values: ["b": 1e-7, "a": 2e9, "n": .nan]
                )
            )
            let text = try String(contentsOf: log.url, encoding: .utf8)
            let expected = """
                {"step":3,"epoch":0.5,"time":1.5,"a":2000000000,"b":1e-07,"n":null,\
                "non_finite":{"n":"nan"}}

                """
            #expect(text == expected)
            let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            #expect(object?["b"] as? Double == 1e-7 && object?["n"] is NSNull)
        }
    }

    @Test func resumingLeavesNoStepTwice() throws {
        try withLog { log in
            for step in 1...5 { try log.append(row(step, ["loss": Double(step)])) }
            try log.truncate(afterStep: 3)
            try log.append(row(4, ["loss": 40]))
            let rows = try MetricsLog.rows(of: log.url)
            #expect(rows.map(\.step) == [1, 2, 3, 4])
            #expect(rows.last?.values["loss"] == 40)
        }
    }

    // A crash can cut the last line anywhere; every cut must leave the rows before it.
    @Test func everyTornLastLineIsForgotten() throws {
        try withLog { log in
            try log.append(row(1, ["loss": 1]))
            let whole = try Data(contentsOf: log.url)
            try log.append(row(2, ["loss": 2]))
            let both = try Data(contentsOf: log.url)
            for length in whole.count..<both.count {
                try both.prefix(length).write(to: log.url)
                #expect(try MetricsLog.rows(of: log.url).first?.step == 1)
                let reopened = try MetricsLog(url: log.url)
                try reopened.append(row(3, [:]))
                #expect(try MetricsLog.rows(of: log.url).map(\.step) == [1, 3])
            }
        }
    }

    @Test func damageInTheMiddleIsNamedAndTruncationRemovesIt() throws {
        try withLog { log in
            try log.append(row(1, [:]))
            try Data("\u{0}\u{0}\n".utf8).append(to: log.url)
            try log.append(row(2, [:]))
            let message = "\(log.url.path): line 2: is not a row of metrics"
            #expect { try MetricsLog.rows(of: log.url) } throws: { "\($0)" == message }
            try log.truncate(afterStep: 2)
            #expect(try MetricsLog.rows(of: log.url).map(\.step) == [1, 2])
        }
    }

    private func row(_ step: Int, _ values: [String: Double]) -> MetricsRow {
        MetricsRow(step: step, epoch: Double(step) / 10, time: 1000.25, values: values)
    }

    private func withLog(_ body: (MetricsLog) throws -> Void) throws {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(try MetricsLog(url: folder.appending(path: "metrics.jsonl")))
    }
}

extension Data {
    fileprivate func append(to url: URL) throws {
        let handle = try FileHandle(forWritingTo: url)
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: self)
    }
}
