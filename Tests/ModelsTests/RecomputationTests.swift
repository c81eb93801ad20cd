import Checkpoints
import Models
import Testing
import Torch
import TorchTestSupport

/// Recomputing activations changes neither values nor gradients, with dropout or without.
struct RecomputationTests {
    private func run(
        _ name: String,
        recomputing: Bool,
        dropout: Double
    ) throws -> (logits: Tensor, gradients: [Tensor]) {
        let fixture = try ModelFixture(name)
        let decoder = try ModelFixture("tiny-llama").decoder()
        var (configuration, modules) = try AdapterFiles.read(fixture.folder)
        configuration.dropout = dropout
        try decoder.attachAdapters(configuration, modules)
        decoder.recomputesActivations = recomputing
        if dropout > 0 { decoder.adapters.dropoutGenerator = Generator(seed: 11) }
        let logits = decoder.logits(of: try fixture.sequences("tokens"))
        logits.square().sum().backward()
        return (
            logits.detached(), decoder.adapterModules.flatMap { [$0.a, $0.b] }.compactMap(\.grad)
        )
    }

    @Test(arguments: AdapterTests.adapters, [0, 0.3])
    func gradientsStayTheSame(name: String, dropout: Double) throws {
        let plain = try run(name, recomputing: false, dropout: dropout)
        let again = try run(name, recomputing: true, dropout: dropout)
        #expect(distance(again.logits, plain.logits) < 1e-4)
        #expect(again.gradients.count == plain.gradients.count)
        for (found, expected) in zip(again.gradients, plain.gradients) {
            #expect(relativeDistance(found, expected) < 1e-4)
        }
        if dropout > 0 {
            let none = try run(name, recomputing: true, dropout: 0)
            #expect(distance(none.logits, again.logits) > 0.01)
        }
    }
}
