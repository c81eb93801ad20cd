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
        var (configuration, modules, _, _) = try AdapterFiles.read(fixture.folder)
        configuration.dropout = dropout
        try decoder.attachAdapters(configuration, modules)
        decoder.recomputesActivations = recomputing
        if dropout > 0 { decoder.adapters.dropoutGenerator = Generator(seed: 11) }
        let logits = decoder.logits(of: try fixture.sequences("tokens"))
        logits.square().sum().backward()
        return (
            logits.detached(), decoder.adapterModules().flatMap { [$0.a, $0.b] }.compactMap(\.grad)
        )
    }

    /// The backward pass comes when another adapter is active, and dropout off.
    @Test(arguments: [false, true]) func backwardUsesTheAdapterOfTheForwardPass(recomputing: Bool)
        throws
    {
        let fixture = try ModelFixture("tiny-lora")
        let decoder = try ModelFixture("tiny-llama").decoder()
        var (configuration, modules, _, _) = try AdapterFiles.read(fixture.folder)
        configuration.dropout = 0.3
        try decoder.attachAdapters(configuration, seed: 1)
        try decoder.attachAdapters(configuration, modules, name: "critic")
        decoder.recomputesActivations = recomputing
        let sequences = try fixture.sequences("tokens")
        let loss = { decoder.logits(of: sequences).square().sum() }
        let gradients = {
            defer {
                decoder.adapterModules("critic").forEach { ($0.a.grad, $0.b.grad) = (nil, nil) }
            }
            return decoder.adapterModules("critic").flatMap { [$0.a, $0.b] }.compactMap(\.grad)
        }
        let within = { (body: () -> Void) in
            decoder.adapters.with("critic", dropout: Generator(seed: 11), body)
        }
        within { loss().backward() }
        let expected = gradients()
        var value: Tensor?
        within { value = loss() }
        value?.backward()
        let found = gradients()
        #expect(expected.count == 28 && found.count == 28)
        for (found, expected) in zip(found, expected) {
            #expect(relativeDistance(found, expected) < 1e-5)
        }
        #expect(decoder.adapterModules().allSatisfy { $0.a.grad == nil && $0.b.grad == nil })
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
