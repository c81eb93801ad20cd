import Checkpoints
import FileFormats
import Foundation
import Layers
import Models
import Optimizers
import TestSupport
import Testing
import Torch
import TorchTestSupport

/// What is trained is what was chosen, and PEFT's folders say so.
struct ProjectorTests {
    private let projector = ["linear_1", "linear_2"].flatMap { layer in
        ["weight", "bias"].map { "model.multi_modal_projector.\(layer).\($0)" }
    }

    @Test func trainedWholeUnderItsNames() throws {
        let fixture = try VisionFixture("llava-clip")
        let decoder = try fixture.decoder()
        let before = try fixture.logits(decoder)
        let vision = try #require(decoder.vision)
        vision.trainProjector()
        let saved = decoder.savedTensors()
        #expect(saved.map(\.name) == projector)
        #expect(saved.allSatisfy { $0.tensor.dtype == .float32 && $0.tensor.requiresGrad })
        #expect(!vision.isTowerTrainable)
        // A copy says what the frozen weights said, and is passed over where no adapter is active.
        #expect(try fixture.logits(decoder).isIdentical(to: before))
        withoutGradients { _ = saved[0].tensor.mul_(2) }
        #expect(try distance(fixture.logits(decoder), before) > 1e-3)
        let disabled = try decoder.adapters.disabled { try fixture.logits(decoder) }
        #expect(disabled.isIdentical(to: before))
    }

    /// One step of AdamW on each choice: only what was chosen changes the model.
    @Test(arguments: [
        ("decoder", ".*language_model.*"), ("projector", ".*multi_modal_projector.*"),
        ("tower", ".*vision_tower.*"),
    ])
    func frozenPartsStayFrozen(part: String, pattern: String) throws {
        let fixture = try VisionFixture("llava-registers")
        let decoder = try fixture.decoder()
        let frozen = decoder.linears.map { $0.weight.matrix + 0 }
        let configuration = AdapterConfiguration(
            baseModel: "", rank: 2, alpha: 4, dropout: 0, rankStabilised: false, targets: [],
            targetPattern: pattern)
        try decoder.attachAdapters(configuration, seed: 3)
        let paths = Set(decoder.adapterModules().map(\.path))
        let places = ["decoder": "model.language_model.", "tower": "model.vision_tower."]
        let place = places[part] ?? "model.multi_modal_projector."
        #expect(!paths.isEmpty && paths.allSatisfy { $0.hasPrefix(place) })
        let features = try #require(decoder.vision).features(try fixture.images())
        let optimizer = AdamW(decoder.parameters())
        try fixture.loss(try fixture.logits(decoder)).backward()
        optimizer.update(learningRate: 0.1)
        for (linear, weight) in zip(decoder.linears, frozen) {
            #expect(linear.weight.matrix.isIdentical(to: weight))
        }
        let after = try #require(decoder.vision).features(try fixture.images())
        let isSame = zip(features, after).allSatisfy { $0.isIdentical(to: $1) }
        #expect(isSame == (part == "decoder"))
        #expect(try distance(fixture.logits(decoder), fixture.tensor("logits")) > 1e-3)
    }

    /// A whole projector that learns, with nothing else: its gradients are numeric differences.
    @Test func learnsAlone() throws {
        let fixture = try VisionFixture("llava-clip")
        let decoder = try fixture.decoder()
        let configuration = AdapterConfiguration(
            baseModel: "", rank: 2, alpha: 4, dropout: 0, rankStabilised: false, targets: [],
            savedModules: ["multi_modal_projector"])
        try decoder.attachAdapters(configuration, seed: 0)
        #expect(decoder.adapterModules().isEmpty)
        let parameters = decoder.parameters()
        #expect(parameters.count == 4)
        let optimizer = AdamW(parameters)
        var losses: [Double] = []
        for _ in 0..<8 {
            let loss = try fixture.loss(try fixture.logits(decoder))
            loss.backward()
            losses.append(loss.item(Double.self))
            optimizer.update(learningRate: 0.02)
            optimizer.clearGradients()
        }
        #expect(losses[7] < losses[0] - 1)
    }

    @Test func foldersAreThoseOfPEFT() throws {
        let fixture = try VisionFixture("llava-clip-adapter")
        let model = try VisionFixture("llava-clip")
        let decoder = try model.decoder()
        let (configuration, modules, score, saved) = try AdapterFiles.read(fixture.folder)
        #expect(score == nil)
        #expect(configuration.savedModules == ["multi_modal_projector"])
        #expect(
            configuration.targetPattern == ".*(language_model.*\\.[qv]_proj|vision_tower.*\\.fc1)")
        // q and v of two layers, fc1 of two.
        #expect(modules.count == 6)
        #expect(saved.map(\.name).sorted() == projector.sorted())
        try decoder.attachAdapters(configuration, modules, saved: saved)
        let logits = try model.logits(decoder)
        #expect(distance(logits, try fixture.tensor("logits")) <= 1e-4)
        // Written again, and read again.
        let copy = try folder()
        try AdapterFiles.write(
            configuration, decoder.adapterModules(), saved: decoder.savedTensors(), to: copy)
        let again = try AdapterFiles.read(copy)
        #expect(again.configuration == configuration)
        let other = try model.decoder()
        try other.attachAdapters(again.configuration, again.modules, saved: again.saved)
        #expect(try model.logits(other).isIdentical(to: logits))
    }

    /// New adapters by PEFT's configuration stand where PEFT puts them.
    @Test func patternsAreThoseOfPEFT() throws {
        let fixture = try VisionFixture("llava-clip-adapter")
        let (configuration, modules, _, saved) = try AdapterFiles.read(fixture.folder)
        let decoder = try VisionFixture("llava-clip").decoder()
        try decoder.attachAdapters(configuration, seed: 1)
        #expect(decoder.adapterModules().map(\.path).sorted() == modules.map(\.path).sorted())
        #expect(decoder.savedTensors().map(\.name).sorted() == saved.map(\.name).sorted())
    }

    /// A folder beside the tests, which `Scripts/reference/check_vision.py` reads with PEFT.
    private func folder() throws -> URL {
        guard let output = ProcessInfo.processInfo.environment["VISION_OUTPUT"] else {
            return try TestFiles.scratchFolder()
        }
        let folder = URL(filePath: output).appending(path: "adapter")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    // MARK: What does not fit

    @Test func whatDoesNotFitIsSaid() throws {
        let decoder = try VisionFixture("llava-clip").decoder()
        func attach(
            _ saved: [AdapterFiles.SavedTensor], _ modules: [String] = ["multi_modal_projector"],
            pattern: String? = nil
        ) -> AdapterError? {
            let configuration = AdapterConfiguration(
                baseModel: "", rank: 2, alpha: 4, dropout: 0, rankStabilised: false, targets: [],
                targetPattern: pattern, savedModules: modules)
            return #expect(throws: AdapterError.self) {
                if saved.isEmpty {
                    try decoder.attachAdapters(configuration, seed: 0)
                } else {
                    try decoder.attachAdapters(configuration, [], saved: saved)
                }
            }
        }
        let weight = AdapterFiles.SavedTensor(name: projector[0], tensor: .zeros([32, 16]))
        let bias = AdapterFiles.SavedTensor(name: projector[1], tensor: .zeros([32]))
        let second = "model.multi_modal_projector.linear_2"
        #expect(attach([weight, bias]) == .missingModule(second))
        let wide = AdapterFiles.SavedTensor(name: projector[0], tensor: .zeros([32, 17]))
        let first = "model.multi_modal_projector.linear_1"
        #expect(
            attach([wide, bias]) == .shape(module: first, expected: [32, 16], found: [32, 17]))
        #expect(attach([], ["lm_head"]) == .unknownModule("lm_head"))
        let attention = "model.language_model.layers.0.self_attn.q_proj"
        #expect(attach([], ["layers.0.self_attn"]) == .unknownModule(attention))
        #expect(attach([], [], pattern: "(") == .badPattern("("))
        #expect(attach([], [], pattern: "q_proj")?.description.hasPrefix("no linear layer") == true)
        #expect(decoder.savedTensors().isEmpty && decoder.adapterModules().isEmpty)
    }

    /// An adapter of the decoder by itself, and one by the names of old checkpoints.
    @Test(arguments: ["model.layers.1.mlp.up_proj", "language_model.model.layers.1.mlp.up_proj"])
    func adaptersOfTheDecoderFit(path: String) throws {
        let decoder = try VisionFixture("llava-clip").decoder()
        let configuration = AdapterConfiguration(
            baseModel: "", rank: 2, alpha: 4, dropout: 0, rankStabilised: false,
            targets: ["up_proj"])
        let module = AdapterFiles.Module(path: path, a: .ones([2, 32]), b: .ones([24, 2]))
        try decoder.attachAdapters(configuration, [module])
        #expect(
            decoder.adapterModules().map(\.path) == ["model.language_model.layers.1.mlp.up_proj"])
    }
}
