import Datasets
import Foundation
import Records
import Statistics
import Testing

@testable import Evaluation

/// Questions about one image are no independent ones: intervals resample images.
struct SharedImageTests {
    private let settings = VisionSettings(templates: [.noThink, .think], seed: 3)

    /// 24 images; each outcome stands as often as there are questions about one.
    private func summary(_ questions: Int, clustered: Bool) -> VisionSummary {
        func rows(_ period: Int) -> [ItemResult] {
            let digits = (0..<24).flatMap { image in
                String(repeating: image % period == 0 ? "0" : "1", count: questions)
            }
            return EvaluationTests.rows(String(digits), strict: String(digits))
        }
        let clusters = (0..<24).flatMap { Array(repeating: Optional($0), count: questions) }
        return VisionSummary(
            task: visionTask(24 * questions, clusters: clustered ? clusters : nil), model: "m",
            adapter: nil, settings: settings,
            results: [
                TemplateResults(
                    template: .noThink, items: rows(4),
                    controls: [.blank: rows(2), .shuffled: rows(3)]),
                TemplateResults(template: .think, items: rows(5), controls: [:]),
            ], training: nil)
    }

    private func width(_ interval: Interval?) -> Double {
        interval.map { $0.upper - $0.lower } ?? .nan
    }

    /// Nine questions about each image, all right or all wrong: three times as wide.
    @Test func repeatedQuestionsWidenIntervals() throws {
        let (naive, own) = (summary(9, clustered: false), summary(9, clustered: true))
        let before = try #require(naive.templates[0].rows.first)
        let after = try #require(own.templates[0].rows.first)
        #expect(before.clusters == nil && after.clusters == 24 && after.n == 216)
        for (old, new) in [
            (before.accuracy.interval, after.accuracy.interval),
            (before.strict?.interval, after.strict?.interval),
            (before.controls[2].accuracy?.interval, after.controls[2].accuracy?.interval),
            (before.visualGain?.interval, after.visualGain?.interval),
            (naive.difference?[0].interval, own.difference?[0].interval),
        ] {
            let ratio = width(new) / width(old)
            #expect(abs(ratio - 3) < 0.45, "\(ratio)")
        }
        #expect(before.accuracy.value == after.accuracy.value)
        #expect(before.visualGain?.value == after.visualGain?.value)
        #expect(own.markdown().contains("intervals resample the 24 images"))
        #expect(naive.markdown().contains("No two questions share an image"))
    }

    /// One question about each image: everything is as without looking at images.
    @Test func singleQuestionsStayAsTheyWere() {
        #expect(summary(1, clustered: true) == summary(1, clustered: false))
    }

    private func items(_ outcomes: [Bool], clustered: Bool) -> [ItemResult] {
        outcomes.enumerated().map { place, isRight in
            ItemResult(
                id: "q\(place)", group: "g", gold: "B", predicted: isRight ? "B" : "A",
                cluster: clustered ? place / 9 : nil)
        }
    }

    /// What `summary.json` and `compare` say of the same questions, also read from files.
    @Test func summariesAndComparisons() throws {
        let outcomes = (0..<216).map { $0 / 9 % 4 != 0 }
        let others = (0..<216).map { $0 / 9 % 3 != 0 }
        let (naive, own) = (
            output(items(outcomes, clustered: false)), output(items(outcomes, clustered: true))
        )
        #expect(naive.summary.clusters == nil && own.summary.clusters == 24)
        #expect(abs(width(own.summary.interval) / width(naive.summary.interval) - 3) < 0.3)
        let group = try #require(own.summary.groups["g"])
        #expect(group.interval == own.summary.interval)
        #expect(own.summary.table().contains("24 clusters"))
        try withFolder { folder in
            try own.write(to: folder.appending(path: "a"))
            try output(items(others, clustered: true)).write(to: folder.appending(path: "b"))
            let comparison = try PairedComparison(
                reading: folder.appending(path: "a"), folder.appending(path: "b"))
            #expect(comparison.overall.clusters == 24)
            let plain = try PairedComparison(
                naive, output(items(others, clustered: false)), names: ("a", "b"))
            #expect(plain.overall.clusters == nil)
            let ratio = width(comparison.overall.interval) / width(plain.overall.interval)
            #expect(abs(ratio - 3) < 0.3, "\(ratio)")
            #expect(comparison.table().contains("24 clusters"))
        }
    }

    @Test func attacks() throws {
        func summary(_ clustered: Bool) -> AttackSummary {
            AttackSummary(
                .init(
                    task: "t", template: .noThink, method: .generation, model: "m", adapter: nil),
                AttackPlan(attacks: [.pgd], epsilons: [4], settings: AttackSettings()),
                .init(
                    clean: items((0..<216).map { $0 / 9 % 8 != 0 }, clustered: clustered),
                    attacked: [
                        (.pgd, 4, items((0..<216).map { $0 / 9 % 3 != 0 }, clustered: clustered))
                    ]), records: [], errors: [])
        }
        let (naive, own) = (summary(false), summary(true))
        #expect(naive.clusters == nil && own.clusters == 24)
        let (old, new) = (naive.points[0], own.points[0])
        for (before, after) in [
            (old.accuracy.interval, new.accuracy.interval), (old.dropInterval, new.dropInterval),
            (old.flipped?.interval, new.flipped?.interval),
        ] {
            let ratio = width(after) / width(before)
            #expect(abs(ratio - 3) < 0.5, "\(ratio)")
        }
        #expect(own.markdown().contains("24 clusters"))
    }

    /// Files of equal bytes are one image, and questions with two images connect them.
    @Test func imagesAreToldByTheirContent() throws {
        try withFolder { folder in
            for (name, text) in [("a", "1"), ("b", "2"), ("copy of a", "1"), ("c", "3")] {
                try Data(text.utf8).write(to: folder.appending(path: name))
            }
            func clusters(_ names: [[String]]) -> ImageClusters {
                ImageClusters(
                    of: names.map {
                        $0.map { ImageReference(path: folder.appending(path: $0).path) }
                    })
            }
            let some = clusters([["b"], ["a"], [], ["copy of a"], ["c"]])
            #expect(some.numbers == [0, 1, nil, 1, 2])
            #expect(clusters([["a"], ["b"], ["c"], ["b", "copy of a"]]).numbers == [0, 0, 1, 0])
            #expect(clusters([[]]).contentHash == nil)
            try Data("4".utf8).write(to: folder.appending(path: "c"))
            #expect(
                clusters([["b"], ["a"], [], ["copy of a"], ["c"]]).contentHash != some.contentHash)
        }
    }
}
