import Checkpoints
import FileFormats
import Foundation
import TestSupport
import Testing
import Torch
import TorchTestSupport

/// The score head in the files of a SEQ_CLS adapter.
struct ScoreFilesTests {
    private static let scoreName = "base_model.model.score.weight"
    private let folder: URL
    private var configuration = AdapterConfiguration(
        baseModel: "base",
        rank: 2,
        alpha: 4,
        dropout: 0,
        rankStabilised: false,
        targets: ["q_proj"],
        taskType: .sequenceClassification
    )
    private let module = AdapterFiles.Module(
        path: "model.layers.0.q_proj",
        a: .full([2, 3], 2),
        b: .full([5, 2], 3)
    )

    init() throws {
        startEngine()
        folder = try TestFiles.scratchFolder()
    }

    private var weights: URL { folder.appending(path: "adapter_model.safetensors") }

    private func expectFault(_ item: String, _ reason: String) {
        let error = #expect(throws: FormatError.self) { try AdapterFiles.read(folder) }
        #expect(error?.item == item)
        #expect(error?.reason == reason)
    }

    @Test func whatIsWrittenIsRead() throws {
        let head = Tensor(rows: [[0.5, -1, 3]])
        try AdapterFiles.write(configuration, [module], score: head, to: folder)
        let (read, modules, score, _) = try AdapterFiles.read(folder)
        #expect(read == configuration)
        #expect(modules.map(\.path) == [module.path])
        #expect(try #require(score).isIdentical(to: head))
        #expect(try Safetensors(url: weights).tensors.map(\.name).contains(Self.scoreName))
        let json = try JSONDocument.read(folder.appending(path: "adapter_config.json"))
        #expect(json["task_type"] == .string("SEQ_CLS"))
        #expect(json["modules_to_save"] == .array([.string("score")]))
    }

    @Test func readsWhatPEFTWrote() throws {
        let reference = TestFiles.fixtures.appending(path: "models/tiny-reward")
        let (read, modules, score, _) = try AdapterFiles.read(reference)
        #expect(read.taskType == .sequenceClassification)
        #expect(modules.count == 4)
        #expect(score?.shape == [1, 32])
        #expect(score?.dtype == .float32)
    }

    @Test func headsThatDoNotFit() throws {
        try AdapterFiles.write(configuration, [module], score: .ones([2, 3]), to: folder)
        expectFault(Self.scoreName, "has sizes [2, 3]; a head with one label has [1, D]")
        try AdapterFiles.write(configuration, [module], score: .ones([3]), to: folder)
        expectFault(Self.scoreName, "has sizes [3]; a head with one label has [1, D]")
        try TensorFile.write([("x", .ones([1]))], to: weights)
        expectFault(Self.scoreName, "there is no such tensor")
    }

    @Test func headWithoutItsTask() throws {
        var plain = configuration
        plain.taskType = .causalLM
        try AdapterFiles.write(plain, [module], to: folder)
        #expect(try AdapterFiles.read(folder).score == nil)
        try TensorFile.write([(Self.scoreName, .ones([1, 3]))], to: weights)
        expectFault(Self.scoreName, "is no LoRA weight of a module")
    }
}
