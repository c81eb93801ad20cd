import Checkpoints
import FileFormats
import Foundation
import TestSupport
import Testing
import Torch
import TorchTestSupport

@testable import Models

struct VisionLoadingTests {
    /// A folder in many files is the model of one file.
    @Test(arguments: ["llava-registers", "qwen2.5-vl"]) func shards(name: String) throws {
        let fixture = try VisionFixture(name)
        let folder = try fixture.modelFolder(.old, shardBytes: 4000)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(files.filter { $0.hasSuffix(".safetensors") }.count > 5)
        let sharded = try fixture.logits(
            try Decoder(ModelCheckpoint(folder: folder), dtype: .float32))
        #expect(sharded.isIdentical(to: try fixture.logits(try fixture.decoder())))
    }

    /// A text model's folder is loaded as before, and sees nothing.
    @Test func textAlone() throws {
        let fixture = try ModelFixture("tiny-llama-untied")
        let decoder = try Decoder(ModelCheckpoint(folder: fixture.folder), dtype: .float32)
        #expect(decoder.vision == nil)
        let sequences = try fixture.sequences("tokens")
        let plain = try fixture.decoder().logits(of: sequences)
        #expect(decoder.logits(of: sequences).isIdentical(to: plain))
    }

    /// A missing or misshapen tensor is named as transformers names it today.
    @Test func whatIsMissingIsNamed() throws {
        let fixture = try VisionFixture("llava-clip")
        let folder = try fixture.modelFolder(.old)
        func load(_ key: String, _ value: String) throws -> FormatError? {
            let file = folder.appending(path: "config.json")
            let text = try String(contentsOf: file, encoding: .utf8)
            try Data(text.replacing(key, with: value).utf8).write(to: file)
            return #expect(throws: FormatError.self) {
                try Decoder(ModelCheckpoint(folder: folder), dtype: .float32)
            }
        }
        let gone = try load("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3")
        #expect(gone?.item == "model.language_model.layers.2.self_attn.q_proj.weight")
        #expect(gone?.reason == "there is no such tensor")
        let wide = try load("\"vocab_size\": 64", "\"vocab_size\": 63")
        #expect(wide?.item == "model.language_model.embed_tokens.weight")
    }

    /// Two tensors that are one today cannot both be right.
    @Test func twoNamesOfOneTensor() throws {
        let url = try TestFiles.scratchFolder().appending(path: "model.safetensors")
        let (old, new) = ("language_model.lm_head.weight", "lm_head.weight")
        try TensorFile.write([(old, .zeros([2, 2])), (new, .zeros([2, 2]))], to: url)
        let error = #expect(throws: FormatError.self) {
            try RenamedWeights(SafetensorsWeights(url: url), VisionFamily.llava.earlierNames)
        }
        #expect(error?.item == "lm_head.weight" || error?.item == "language_model.lm_head.weight")
    }

    // MARK: Composition

    @Test func composesAModelThatTransformersReads() throws {
        let parts = try parts(tower: "llava-registers")
        let output = try folder("composed")
        try LlavaFolder.write(parts, to: output)
        let decoder = try Decoder(ModelCheckpoint(folder: output), dtype: .float32)
        let vision = try #require(decoder.vision)
        #expect(vision.imageTokenID == 256 && vision.configuration.featureLayers == [2])
        // Python's reader of configurations refuses a whole number here.
        let written = try String(contentsOf: output.appending(path: "config.json"), encoding: .utf8)
        #expect(written.contains("\"layerscale_value\": 1.0"))
        // The text is what it was by itself.
        let fixture = try ModelFixture("tiny-llama")
        let sequences = try fixture.sequences("tokens")
        #expect(
            decoder.logits(of: sequences).isIdentical(
                to: try fixture.decoder().logits(of: sequences)))
        // So is the tower: the fixture's takes the same layer.
        let source = try VisionFixture("llava-registers")
        let images = try source.images()
        let expected = try #require(try source.decoder().vision).towerFeatures(images)
        for (one, other) in zip(vision.towerFeatures(images), expected) {
            #expect(one.isIdentical(to: other))
        }
        #expect(vision.features(images).allSatisfy { $0.shape == [12, 32] })
        // The seed makes the projector.
        let again = try TestFiles.scratchFolder()
        try LlavaFolder.write(parts, to: again)
        let weights = try [output, again].map {
            try Data(contentsOf: $0.appending(path: "model.safetensors"))
        }
        #expect(weights[0] == weights[1])
        var other = parts
        other.seed = 8
        try LlavaFolder.write(other, to: again)
        let third = try Data(contentsOf: again.appending(path: "model.safetensors"))
        #expect(third != weights[0])
    }

    /// A decoder of a GGUF file.
    @Test func composesOverAGGUFFile() throws {
        var parts = try parts(tower: "llava-siglip")
        let fixture = try ModelFixture("tiny-llama")
        let gguf = try TestFiles.scratchFolder().appending(path: "model.gguf")
        try TinyGGUF.write(fixture, to: gguf)
        parts.decoder = gguf
        let output = try TestFiles.scratchFolder()
        try LlavaFolder.write(parts, to: output)
        let decoder = try Decoder(ModelCheckpoint(folder: output), dtype: .float32)
        let sequences = try fixture.sequences("tokens")
        let expected = try fixture.tensor("logits").view(48, 256)
        #expect(distance(decoder.logits(of: sequences), expected) <= 1e-4)
        #expect(decoder.vision?.configuration.dropsFirstRow == false)
    }

    /// tiny-llama, and the tower of a fixture in a folder of its own.
    private func parts(tower name: String) throws -> LlavaFolder.Parts {
        let source = try VisionFixture(name)
        let tower = try TestFiles.scratchFolder()
        let config = try JSONDocument.read(source.folder.appending(path: "config.json"))
        try AtomicFile.write(
            JSONText.pretty(config["vision_config"] ?? .null),
            to: tower.appending(path: "config.json"))
        let processor = "{\"crop_size\": {\"height\": 12, \"width\": 12}}"
        try Data(processor.utf8).write(to: tower.appending(path: "preprocessor_config.json"))
        let prefix = "model.vision_tower."
        let weights = try source.shapes().filter { $0.key.hasPrefix(prefix) }.map { name, shape in
            (String(name.dropFirst(prefix.count)), Formula.weight(name, shape))
        }
        try TensorFile.write(weights, to: tower.appending(path: "model.safetensors"))
        return LlavaFolder.Parts(
            decoder: try ModelFixture("tiny-llama").folder, tower: tower, imageTokenID: 256,
            featureLayer: -1, seed: 7, dtype: .float32)
    }

    /// Beside the tests where `Scripts/reference/check_vision.py` is to read it.
    private func folder(_ name: String) throws -> URL {
        guard let output = ProcessInfo.processInfo.environment["VISION_OUTPUT"] else {
            return try TestFiles.scratchFolder()
        }
        let folder = URL(filePath: output).appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}
