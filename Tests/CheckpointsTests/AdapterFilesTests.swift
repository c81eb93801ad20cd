import Checkpoints
import FileFormats
import Foundation
import TestSupport
import Testing
import Torch
import TorchTestSupport

struct AdapterFilesTests {
    private let folder: URL
    private let reference = TestFiles.fixtures.appending(path: "models/tiny-rslora")
    private let configuration = AdapterConfiguration(
        baseModel: "base",
        rank: 2,
        alpha: 4,
        dropout: 0.25,
        rankStabilised: true,
        targets: ["v_proj", "q_proj"],
        rankPattern: ["layers.1.v_proj": 1],
        alphaPattern: ["v_proj": 0.5]
    )

    init() throws {
        startEngine()
        folder = try TestFiles.scratchFolder()
    }

    private var weights: URL { folder.appending(path: "adapter_model.safetensors") }

    private func modules() -> [AdapterFiles.Module] {
        let module = { (path: String, rank: Int) in
            AdapterFiles.Module(path: path, a: .full([rank, 3], 2), b: .full([5, rank], 3))
        }
        return [module("layers.0.q_proj", 2), module("layers.1.v_proj", 1)]
    }

    /// Copies an adapter of the fixtures, so that it can be damaged.
    private func copyReference() throws {
        for name in ["adapter_model.safetensors", "adapter_config.json"] {
            try FileManager.default.copyItem(
                at: reference.appending(path: name),
                to: folder.appending(path: name)
            )
        }
    }

    private func expectFault(_ item: String?, _ reason: String) {
        let error = #expect(throws: FormatError.self) { try AdapterFiles.read(folder) }
        #expect(error?.item == item)
        #expect(error?.reason == reason)
    }

    @Test func whatIsWrittenIsRead() throws {
        try AdapterFiles.write(configuration, modules(), to: folder)
        let (read, found, score, _) = try AdapterFiles.read(folder)
        var sorted = configuration
        sorted.targets.sort()
        #expect(read == sorted)
        #expect(score == nil)
        #expect(found.map(\.path) == ["layers.0.q_proj", "layers.1.v_proj"])
        for (a, b) in zip(found, modules()) {
            #expect(a.a.isIdentical(to: b.a))
            #expect(a.b.isIdentical(to: b.b))
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["adapter_config.json", "adapter_model.safetensors"])
    }

    @Test func namesAreThoseOfPEFT() throws {
        try AdapterFiles.write(configuration, modules(), to: folder)
        let file = try Safetensors(url: weights)
        #expect(file.metadata == ["format": "pt"])
        #expect(
            file.tensors.map(\.name).sorted() == [
                "base_model.model.layers.0.q_proj.lora_A.weight",
                "base_model.model.layers.0.q_proj.lora_B.weight",
                "base_model.model.layers.1.v_proj.lora_A.weight",
                "base_model.model.layers.1.v_proj.lora_B.weight",
            ]
        )
    }

    /// An adapter that PEFT wrote, read and written again: the same bytes.
    @Test(arguments: ["tiny-lora", "tiny-rslora", "tiny-reward"]) func weightsAreByteForByteThose(
        name: String
    )
        throws
    {
        let original = TestFiles.fixtures.appending(path: "models/\(name)")
        let (configuration, modules, score, _) = try AdapterFiles.read(original)
        try AdapterFiles.write(configuration, modules, score: score, to: folder)
        let expected = try Data(contentsOf: original.appending(path: "adapter_model.safetensors"))
        #expect(try Data(contentsOf: weights) == expected)
        #expect(try AdapterConfiguration(folder: folder) == configuration)
    }

    /// Tensors of modules that were trained whole lie beside the low-rank ones.
    @Test func whatWasTrainedWhole() throws {
        var configuration = configuration
        configuration.savedModules = ["projector"]
        let names = ["model.projector.linear_1.bias", "model.projector.linear_1.weight"]
        let saved = [
            AdapterFiles.SavedTensor(name: names[1], tensor: .full([2, 3], 4)),
            AdapterFiles.SavedTensor(name: names[0], tensor: .ones([2])),
        ]
        try AdapterFiles.write(configuration, modules(), saved: saved, to: folder)
        let file = try AdapterFiles.read(folder)
        #expect(file.configuration.savedModules == ["projector"])
        #expect(file.modules.count == 2 && file.score == nil)
        #expect(file.saved.map(\.name) == names)
        #expect(file.saved[1].tensor.isIdentical(to: saved[0].tensor))
        let stored = try Safetensors(url: weights).tensors.map(\.name)
        #expect(stored.contains("base_model.model.model.projector.linear_1.weight"))
        // Promised by the configuration, and not there.
        configuration.savedModules = ["projector", "other"]
        try AdapterFiles.write(configuration, modules(), saved: saved, to: folder)
        expectFault("other", "is trained whole, but has no weights")
        // There, and not named by the configuration.
        configuration.savedModules = ["projector"]
        try AdapterFiles.write(configuration, modules(), saved: saved, to: folder)
        let url = folder.appending(path: "adapter_config.json")
        let text = try String(contentsOf: url, encoding: .utf8)
        let unnamed = text.replacing(
            #/"modules_to_save" : \[[^\]]*\]/#, with: "\"modules_to_save\" : null")
        #expect(unnamed != text)
        try Data(unnamed.utf8).write(to: url)
        expectFault("base_model.model.\(names[0])", "is no LoRA weight of a module")
    }

    @Test func truncatedAnywhere() throws {
        for name in ["adapter_model.safetensors", "adapter_config.json"] {
            try copyReference()
            let handle = try FileHandle(forWritingTo: folder.appending(path: name))
            // The configuration ends with a line feed, which alone may be missing.
            let needed = try handle.seekToEnd() - (name.hasSuffix("json") ? 1 : 0)
            for count in (0..<needed).reversed() {
                try handle.truncate(atOffset: count)
                #expect(throws: FormatError.self, "\(name) cut at \(count)") {
                    try AdapterFiles.read(folder)
                }
            }
            try handle.close()
            for file in ["adapter_model.safetensors", "adapter_config.json"] {
                try FileManager.default.removeItem(at: folder.appending(path: file))
            }
        }
    }

    @Test func missingFiles() throws {
        #expect(throws: FormatError.self) { try AdapterFiles.read(folder) }
        try copyReference()
        try FileManager.default.removeItem(at: weights)
        #expect(throws: FormatError.self) { try AdapterFiles.read(folder) }
        let nowhere = folder.appending(path: "adapter_config.json/below-a-file")
        #expect(throws: FormatError.self) { try AdapterFiles.write(configuration, [], to: nowhere) }
    }

    @Test func halvesAndStrangers() throws {
        try AdapterFiles.write(configuration, modules(), to: folder)
        let prefix = "base_model.model.q_proj"
        let (a, b) = (Tensor.ones([2, 3]), Tensor.ones([5, 2]))
        try TensorFile.write([("\(prefix).lora_A.weight", a)], to: weights)
        expectFault("\(prefix).lora_B.weight", "there is no such tensor")
        try TensorFile.write([("\(prefix).lora_B.weight", b)], to: weights)
        expectFault(nil, "a lora_B has no lora_A beside it")
        for stranger in ["base_model.model.norm.weight", "q_proj.lora_A.weight"] {
            try TensorFile.write([(stranger, a)], to: weights)
            expectFault(stranger, "is no LoRA weight of a module")
        }
    }

    @Test func sizesThatAreNotTheRank() throws {
        let module = AdapterFiles.Module(path: "q_proj", a: .ones([3, 4]), b: .ones([5, 3]))
        try AdapterFiles.write(configuration, [module], to: folder)
        expectFault("q_proj", "sizes [3, 4] and [5, 3] do not fit rank 2")
        let flat = AdapterFiles.Module(path: "q_proj", a: .ones([2]), b: .ones([5, 2]))
        try AdapterFiles.write(configuration, [flat], to: folder)
        expectFault("q_proj", "sizes [2] and [5, 2] do not fit rank 2")
    }
}
