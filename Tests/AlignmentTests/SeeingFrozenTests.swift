import Foundation
import Generation
import Images
import Models
import Records
import Testing
import Torch
import TorchTestSupport

@testable import Alignment

/// Exactly what a recipe names is trained; all else keeps its bits.
struct SeeingFrozenTests {
    /// Where adapters are asked for, and how their paths begin.
    static let places: [(pattern: String, prefixes: [String])] = [
        (".*language_model.*", ["model.language_model."]),
        (".*multi_modal_projector.*", ["model.multi_modal_projector."]),
        (".*vision_tower.*", ["model.vision_tower."]),
        (
            ".*(language_model|vision_tower).*",
            ["model.language_model.", "model.vision_tower."]
        ),
    ]

    private func train(
        _ fixture: MethodFixture, _ model: LanguageModel, _ method: String = "sft",
        _ change: @escaping MethodFixture.Change
    ) throws {
        try fixture.finish(
            fixture.trainer(method, "run", on: model) { settings in
                (settings.perDeviceTrainBatchSize, settings.maxSteps) = (6, 3)
                change(&settings)
            })
    }

    @Test(arguments: places, ["sft", "dpo"])
    func byPattern(place: (pattern: String, prefixes: [String]), method: String) throws {
        let fixture = try MethodFixture(.llava)
        let model = try fixture.model()
        let before = try Frozen(model, fixture)
        try train(fixture, model, method) { $0.loraTargetPattern = place.pattern }
        try before.expectSame(model)
        let paths = model.decoder.linears.flatMap { $0.parts.map(\.path) }
        let expected = paths.filter { path in place.prefixes.contains { path.hasPrefix($0) } }
        let modules = model.decoder.adapterModules()
        #expect(modules.map(\.path) == expected && !expected.isEmpty)
        #expect(modules.allSatisfy { $0.b.norm().item(Double.self) > 0 })
        #expect(model.decoder.savedTensors().isEmpty)
        let seesAnew = place.prefixes.contains("model.vision_tower.")
        #expect(try before.towerChanged(model) == seesAnew)
    }

    /// `q_proj` names the decoder's and the tower's, `linear_1` the projector's.
    @Test func byNames() throws {
        let fixture = try MethodFixture(.llava)
        let model = try fixture.model()
        let before = try Frozen(model, fixture)
        let names = ["q_proj", "linear_1", "fc1"]
        try train(fixture, model) { $0.loraTargetModules = names }
        try before.expectSame(model)
        let paths = model.decoder.linears.flatMap { $0.parts.map(\.path) }
        let modules = model.decoder.adapterModules()
        #expect(
            modules.map(\.path)
                == paths.filter { path in names.contains { path.hasSuffix(".\($0)") } })
        #expect(modules.count == 4 + 1 + 2)
        #expect(modules.allSatisfy { $0.b.norm().item(Double.self) > 0 })
    }

    /// The projector's copy moves, the projector below it does not.
    @Test(arguments: ["sft", "dpo", "reward", "ppo"]) func projectorAlone(method: String) throws {
        let fixture = try MethodFixture(.llava)
        let model = try fixture.model()
        let before = try Frozen(model, fixture)
        try train(fixture, model, method) { Placement.projector.apply(to: &$0, .llava) }
        try before.expectSame(model)
        #expect(model.decoder.adapterModules().isEmpty)
        let linears = try #require(model.decoder.vision?.projector?.linears)
        for linear in linears {
            let copy = try #require(linear.copy(.default))
            #expect(!copy.weight.isIdentical(to: linear.weight.matrix), "\(linear.parts[0].path)")
        }
        #expect(try !before.towerChanged(model))
    }
}

/// Bits of everything that is never trained.
private struct Frozen {
    private let weights: [Tensor]
    private let inputs: [VisionInput]
    private let features: [Tensor]

    init(_ model: LanguageModel, _ fixture: MethodFixture) throws {
        weights = Self.weights(model).map { $0 + 0 }
        let vision = try #require(model.vision)
        inputs = try (0..<MethodRecords.imageCount).map { number in
            let path = fixture.folder.appending(path: "\(number).png").path
            let image = try ImageFile.read(ImageReference(path: path))
            let pixels = try vision.processor.process(image)
            return VisionInput(
                pixels: Tensor(pixels.values, shape: pixels.shape).to(model.decoder.dtype),
                grid: pixels.grid)
        }
        let tower = try #require(model.decoder.vision)
        let inputs = inputs
        features = withInference { tower.towerFeatures(inputs) }
    }

    private static func weights(_ model: LanguageModel) -> [Tensor] {
        let linears = model.decoder.linears.flatMap {
            [$0.weight.matrix] + [$0.bias].compactMap { $0 }
        }
        return linears + [model.decoder.outputWeight.matrix]
    }

    /// With the adapters switched off nothing has changed.
    func expectSame(_ model: LanguageModel) throws {
        let now = Self.weights(model)
        #expect(zip(weights, now).allSatisfy { $0.isIdentical(to: $1) })
        let tower = try #require(model.decoder.vision)
        let seen = model.decoder.adapters.disabled {
            withInference { tower.towerFeatures(inputs) }
        }
        #expect(zip(seen, features).allSatisfy { $0.isIdentical(to: $1) })
    }

    /// Whether what the tower makes of images with the adapters is another thing.
    func towerChanged(_ model: LanguageModel) throws -> Bool {
        let tower = try #require(model.decoder.vision)
        let seen = withInference { tower.towerFeatures(inputs) }
        return !zip(seen, features).contains { $0.isIdentical(to: $1) }
    }
}
