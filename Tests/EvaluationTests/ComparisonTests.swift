import Evaluation
import FileFormats
import Foundation
import TestSupport
import Testing

struct ComparisonTests {
    private let before = results(
        "x a:a",
        "x a:b",
        "x b:a",
        "x b:",
        "y a:b",
        "y a:b",
        "y b:a",
        "y b:b"
    )
    private let after = results(
        "x a:a",
        "x a:a",
        "x b:b",
        "x b:b",
        "y a:a",
        "y a:a",
        "y b:a",
        "y b:a"
    )

    /// Eight pairs.
    ///
    /// Right before: q0, q7. Right after: q0 to q5. Both: q0; only before: q7; only after: q1 to
    /// q5; neither: q6. Difference (5 - 1) / 8. McNemar: 6 discordant, the smaller count 1, so
    /// p = 2 (1 + 6) / 2^6 = 14/64.
    @Test func byHand() throws {
        let comparison = try PairedComparison(
            output(before),
            output(after),
            names: ("before", "after")
        )
        let overall = comparison.overall
        #expect(overall.n == 8 && overall.first.accuracy == 0.25 && overall.second.accuracy == 0.75)
        #expect(overall.outcomes.bothRight == 1 && overall.outcomes.onlyFirstRight == 1)
        #expect(overall.outcomes.onlySecondRight == 5 && overall.outcomes.bothWrong == 1)
        #expect(overall.difference == 0.5 && abs(overall.p - 14.0 / 64) < 1e-12)
        #expect(overall.interval.contains(0.5) && overall.interval.lower > -0.5)
        // x: 1/4 to 4/4, three discordant, p = 2 / 2^3. y: 1/4 to 2/4, b 1, c 2, p = 1.
        #expect(comparison.groups["x"]?.difference == 0.75)
        #expect(abs((comparison.groups["x"]?.p ?? .nan) - 0.25) < 1e-12)
        #expect(comparison.groups["y"]?.difference == 0.25 && comparison.groups["y"]?.p == 1)
        #expect(comparison.majority == 0.5)
    }

    @Test func orderOfTheRowsDoesNotMatter() throws {
        let straight = try PairedComparison(output(before), output(after), names: ("a", "b"))
        let reversed = try PairedComparison(
            output(before),
            output(after.reversed()),
            names: ("a", "b")
        )
        #expect(straight == reversed)
    }

    @Test func writesTableJSONAndPlot() throws {
        try withFolder { folder in
            let names = ["before", "after"].map { folder.appending(path: $0) }
            try output(before).write(to: names[0])
            try output(after, model: "m2").write(to: names[1])
            let comparison = try PairedComparison(reading: names[0], names[1])
            #expect(comparison.first.name == "before" && comparison.second.model == "m2")
            try comparison.write(to: folder)
            let json = try JSONDocument.read(folder.appending(path: "comparison.json"))
            #expect(
                json["overall"]?["mcnemar_p"]?.number.map { abs($0 - 14.0 / 64) < 1e-12 } == true
            )
            #expect(json["overall"]?["second"]?["interval"]?["upper"] != nil)
            let svg = try String(
                contentsOf: folder.appending(path: "comparison.svg"),
                encoding: .utf8
            )
            #expect(svg.hasPrefix("<svg") && svg.contains("x: before"))
        }
    }

    @Test func table() throws {
        let comparison = try PairedComparison(
            output(before),
            output(after),
            names: ("before", "after")
        )
        let lines = comparison.table().split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "t, 8 questions")
        #expect(lines.contains { $0.hasPrefix("before") && $0.contains("25.0 %") })
        #expect(lines.contains { $0.hasPrefix("difference") && $0.contains("+50.0 pp") })
        #expect(
            lines.contains(
                "McNemar's exact test: p = 0.219; right only in the first 1, only in the second 5"
            )
        )
        #expect(lines.allSatisfy { $0.count <= 80 && !$0.hasSuffix(" ") }, "\(comparison.table())")
    }

    @Test func otherQuestionsAreListed() throws {
        let error = #expect(throws: ComparisonError.self) {
            try PairedComparison(
                output(Array(before.dropLast())),
                output(Array(after.dropFirst(2))),
                names: ("old", "new")
            )
        }
        #expect(
            error == .otherQuestions(names: ["old", "new"], only: [["q0", "q1"], ["q7"]])
        )
        #expect(error?.description.contains("2 only in old (q0, q1); 1 only in new (q7)") == true)
        let swapped = results(
            "x a:a",
            "x b:a",
            "x b:b",
            "x b:b",
            "y a:a",
            "y a:a",
            "y b:a",
            "y b:a"
        )
        #expect(throws: ComparisonError.otherAnswers(["q1"])) {
            try PairedComparison(output(before), output(swapped), names: ("old", "new"))
        }
    }

    @Test func damagedFoldersAreNamed() throws {
        try withFolder { folder in
            try output(before).write(to: folder)
            let missing = folder.appending(path: "nothing")
            let error = #expect(throws: ComparisonError.self) {
                try PairedComparison(reading: folder, missing)
            }
            #expect(error?.description.contains("nothing/summary.json") == true)
        }
    }
}
