import Foundation
import Testing

@testable import Alignment

/// Pairs whose records say what their loss is multiplied by, as MMedPO's do.
struct PairWeightTests {
    /// The first step on all six pairs.
    private func first(
        _ fixture: MethodFixture, _ method: String, _ name: String, weights: [String?],
        column: String = "weight", limit: Int = 0
    ) throws -> FinishedFolder {
        let lines = MethodRecords.lines(.pairs, withImages: true)
        try fixture.write(
            zip(lines, weights).map { line, weight in
                weight.map { #"{"\#(column)": \#($0), "# + line.dropFirst() } ?? line
            }, to: "pairs")
        try fixture.finish(
            fixture.trainer(method, name) { settings in
                (settings.perDeviceTrainBatchSize, settings.maxSteps) = (6, 1)
                settings.maxTokensPerMicroBatch = limit
                settings.maxGradNorm = 0
            })
        return fixture.run(name)
    }

    /// Before the first update policy and reference are one, so each pair's loss is log 2, and the
    /// step's (0.5 + 2 + 0 + 3 pairs that do not say) / 6 of it.
    @Test(arguments: ["weight", "weighted_score"], [0, 1])
    func lossByHand(column: String, limit: Int) throws {
        let fixture = try MethodFixture(.llava)
        let run = try first(
            fixture, "dpo", "run", weights: ["0.5", "2", "0", nil, nil, nil], column: column,
            limit: limit)
        let loss = try #require(try run.values("loss").first)
        #expect(abs(loss - 5.5 / 6 * log(2)) < 1e-6)
    }

    /// Twice the weights are twice the loss and its gradient; the other curves stay what they are.
    @Test(arguments: ["dpo", "bco_pair", "orpo", "simpo"])
    func twiceTheWeights(method: String) throws {
        let fixture = try MethodFixture(.llava)
        let none = try first(fixture, method, "none", weights: Array(repeating: nil, count: 6))
        let one = try first(fixture, method, "one", weights: Array(repeating: "1", count: 6))
        let two = try first(fixture, method, "two", weights: Array(repeating: "2", count: 6))
        #expect(try one.weights == none.weights)
        for curve in ["loss", "grad_norm"] {
            let (whole, twice) = (try none.values(curve)[0], try two.values(curve)[0])
            #expect(whole > 0 && abs(twice - 2 * whole) < 1e-5 * whole, "\(curve)")
        }
        for curve in ["rewards/margins", "rewards/accuracies", "logps/chosen", "logps/rejected"] {
            #expect(try none.values(curve) == two.values(curve), "\(curve)")
        }
    }

    /// A pair of weight 0 teaches nothing, and all others what they taught.
    @Test func nothingOfAPair() throws {
        let fixture = try MethodFixture(.llava)
        let weights = ["0", "0", "0", "0", "0", "0"]
        let run = try first(fixture, "dpo", "run", weights: weights)
        #expect(try run.values("loss") == [0] && run.values("grad_norm") == [0])
    }
}
