import Checkpoints
import Models
import Testing
import Torch
import TorchTestSupport

struct AttachTests {
    private let decoder: Decoder
    private let sequences: [[Int32]]

    init() throws {
        let fixture = try ModelFixture("tiny-llama")
        decoder = try fixture.decoder()
        sequences = try fixture.sequences("tokens")
    }

    private func configuration(_ targets: [String]) -> AdapterConfiguration {
        AdapterConfiguration(
            baseModel: "",
            rank: 4,
            alpha: 8,
            dropout: 0,
            rankStabilised: false,
            targets: targets,
            rankPattern: ["layers.1.self_attn.v_proj": 2],
            alphaPattern: ["layers.1.self_attn.v_proj": 6]
        )
    }

    @Test func newAdaptersChangeNothing() throws {
        let before = decoder.logits(of: sequences)
        try decoder.attachAdapters(configuration(["all-linear"]), seed: 1)
        #expect(decoder.adapterModules().count == 14)
        #expect(distance(decoder.logits(of: sequences), before) < 1e-5)
    }

    @Test(arguments: [
        (["q_proj", "v_proj"], 4), (["self_attn.q_proj"], 2), (["model.layers.0.mlp.down_proj"], 1),
        (["layers.1.self_attn.v_proj", "v_proj"], 2),
    ])
    func targetsNameModules(targets: [String], count: Int) throws {
        try decoder.attachAdapters(configuration(targets), seed: 1)
        #expect(decoder.adapterModules().count == count)
    }

    @Test func patternsAreHonoured() throws {
        try decoder.attachAdapters(configuration(["v_proj"]), seed: 1)
        let settings = decoder.linears.flatMap(\.parts).compactMap(\.adapters[.default]?.settings)
        #expect(settings.map(\.rank) == [4, 2])
        #expect(settings.map(\.scale) == [2, 3])
        #expect(decoder.adapterModules().map(\.a.shape) == [[4, 32], [2, 32]])
    }

    @Test func seedsDecide() throws {
        let weights = try ([1, 1, 2] as [UInt64]).map { seed in
            let decoder = try ModelFixture("tiny-llama").decoder()
            try decoder.attachAdapters(configuration(["q_proj"]), seed: seed)
            return decoder.adapterModules().map(\.a)
        }
        #expect(weights[0][0].isIdentical(to: weights[1][0]))
        #expect(!weights[0][0].isIdentical(to: weights[0][1]))
        #expect(!weights[0][0].isIdentical(to: weights[2][0]))
    }

    @Test func eachNameItsOwn() throws {
        try decoder.attachAdapters(configuration(["q_proj"]), seed: 1)
        try decoder.attachAdapters(configuration(["v_proj"]), seed: 1, name: "critic")
        #expect(decoder.adaptedNames() == ["q_proj"])
        #expect(decoder.adaptedNames("critic") == ["v_proj"])
        #expect(decoder.adapterModules("reward").isEmpty)
        let before = decoder.logits(of: sequences)
        for module in decoder.adapterModules("critic") {
            withoutGradients { _ = module.b.copy_(.ones(module.b.shape)) }
        }
        #expect(decoder.logits(of: sequences).isIdentical(to: before))
        let other = decoder.adapters.with("critic") { decoder.logits(of: sequences) }
        #expect(distance(other, before) > 0.1)
        decoder.mergeAdapters("critic")
        #expect(decoder.logits(of: sequences).isIdentical(to: before))
        let merged = decoder.adapters.with("critic") { decoder.logits(of: sequences) }
        #expect(distance(merged, other) < 1e-3)
    }

    /// A name that is used again has none of its earlier adapters; a refused one changes nothing.
    @Test func attachingReplaces() throws {
        try decoder.attachAdapters(configuration(["all-linear"]), seed: 1)
        try decoder.attachAdapters(configuration(["q_proj"]), seed: 1)
        #expect(decoder.adaptedNames() == ["q_proj"])
        let modules = decoder.adapterModules()
        let stranger = AdapterFiles.Module(path: "x", a: .ones([4, 32]), b: .ones([32, 4]))
        #expect(throws: AdapterError.self) {
            try decoder.attachAdapters(configuration([]), [modules[0], stranger])
        }
        #expect(decoder.adapterModules().map(\.path) == modules.map(\.path))
        try decoder.attachAdapters(configuration([]), [modules[0]])
        #expect(decoder.adapterModules().map(\.path) == [modules[0].path])
    }

    @Test func unknownTargets() {
        for name in ["proj", "lm_head", "", "q_proj.weight"] {
            let error = #expect(throws: AdapterError.self) {
                try decoder.attachAdapters(configuration(["q_proj", name]), seed: 1)
            }
            let known = [
                "down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj",
            ]
            #expect(error == .unknownTarget(name, known: known))
            #expect(
                error?.description.hasPrefix(
                    "no linear layer is called '\(name)'; there are down_proj, "
                ) == true
            )
        }
        #expect(decoder.adapterModules().isEmpty)
    }

    @Test func modulesOfAnotherModel() {
        let module = AdapterFiles.Module(
            path: "model.layers.2.q_proj",
            a: .ones([4, 32]),
            b: .ones([32, 4])
        )
        let unknown = #expect(throws: AdapterError.self) {
            try decoder.attachAdapters(configuration([]), [module])
        }
        #expect(unknown == .unknownModule("model.layers.2.q_proj"))
        let path = "model.layers.0.self_attn.k_proj"
        let wide = AdapterFiles.Module(path: path, a: .ones([4, 32]), b: .ones([32, 4]))
        let error = #expect(throws: AdapterError.self) {
            try decoder.attachAdapters(configuration([]), [wide])
        }
        #expect(error == .shape(module: path, expected: [32, 16], found: [32, 32]))
    }
}
