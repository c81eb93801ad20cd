import Foundation
import Testing

@testable import Alignment

/// Pairs of which some say by how much the chosen answer should win.
struct MarginTests {
    /// Losses and gradient norms of two steps on all six pairs.
    private func steps(
        _ fixture: MethodFixture, _ name: String, margins: [String?], limit: Int
    ) throws -> [Double] {
        try fixture.write(
            zip(MethodRecords.lines(.pairs, withImages: true), margins).map { line, margin in
                margin.map { #"{"margin": \#($0), "# + line.dropFirst() } ?? line
            }, to: "pairs")
        try fixture.finish(
            fixture.trainer("reward", name) { settings in
                (settings.perDeviceTrainBatchSize, settings.maxSteps) = (6, 2)
                settings.maxTokensPerMicroBatch = limit
            })
        return try fixture.run(name).values("loss") + fixture.run(name).values("grad_norm")
    }

    /// A record without a margin has the margin 0, whichever stand beside it in a micro-batch.
    @Test func someRecordsSayNothing() throws {
        let fixture = try MethodFixture(.llava)
        let mixed = ["2", nil, "0.5", nil, nil, "1"]
        let zeros = mixed.map { $0 ?? "0" }
        let expected = try steps(fixture, "zeros", margins: zeros, limit: 0)
        let whole = try steps(fixture, "whole", margins: mixed, limit: 0)
        let cut = try steps(fixture, "cut", margins: mixed, limit: 1)
        let none = try steps(
            fixture, "none", margins: Array(repeating: nil, count: 6), limit: 0)
        #expect(expected.count == 4 && whole == expected)
        for (one, other) in zip(cut, expected) {
            #expect(abs(one - other) < 1e-5 * max(1, other), "\(cut), whole \(expected)")
        }
        #expect(expected[0] - none[0] > 0.1, "\(expected), without margins \(none)")
    }
}
