import Checkpoints
import FileFormats
import Foundation
import Generation
import Images
import Recipes
import Records
import TestSupport
import Testing
import Torch
import VisionTestSupport

@testable import Alignment

/// What the runs of a fixture are of.
enum Subject: String, CaseIterable {
    /// The default model on records without images.
    case text
    /// A tiny LLaVA, to which every image is 16 tokens; records with images and without.
    case llava
    /// A tiny Qwen2-VL, to which an image is the more tokens the larger it is.
    case qwen
    /// The tiny LLaVA's decoder alone.
    case blind

    /// Writes a tiny model's folder.
    func write(to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        _ = try TinyVLM.model(in: folder)
        switch self {
        case .text, .llava: break
        case .qwen: try replaceByQwen(folder)
        case .blind: try replaceByDecoder(folder)
        }
        // A random model ends an answer at the end of a turn almost never: some bytes end it too,
        // so that answers differ in length.
        let ends = JSONValue.object(["eos_token_id": .array((210...256).map(JSONValue.integer))])
        try write(ends, "generation_config", to: folder)
    }

    private func replaceByQwen(_ folder: URL) throws {
        let fixture = TestFiles.fixtures.appending(path: "vision/qwen2-vl")
        var values: [String: JSONValue] = try read("config", in: fixture)
        var decoder = values["text_config"]?.object ?? [:]
        decoder["vocab_size"] = .integer(258)
        values["text_config"] = .object(decoder)
        values["image_token_id"] = .integer(257)
        try write(.object(values), "config", to: folder)
        let processor: [String: JSONValue] = [
            "patch_size": 4, "temporal_patch_size": 2, "merge_size": 2, "min_pixels": 128,
            "max_pixels": 512,
        ].mapValues(JSONValue.integer)
        let kind = ["image_processor_type": JSONValue.string("Qwen2VLImageProcessor")]
        try write(.object(processor.merging(kind) { $1 }), "preprocessor_config", to: folder)
        let generator = Generator(seed: 5)
        let shapes: [String: [Int]] = try read("weights", in: fixture)
        try write(
            shapes.sorted { $0.key < $1.key }.map { name, shape in
                let rows = ["embed_tokens", "lm_head"].contains { name.contains($0) }
                let isScale = ["norm", "ln_q"].contains { name.contains($0) }
                return (
                    name,
                    isScale && name.hasSuffix("weight")
                        ? .full(shape, 1)
                        : .rand(rows ? [258, shape[1]] : shape, generator: generator) - 0.5
                )
            }, to: folder)
    }

    private func replaceByDecoder(_ folder: URL) throws {
        let values: [String: JSONValue] = try read("config", in: folder)
        let weights = try SafetensorsWeights(url: folder)
        let prefix = "model.language_model."
        let names = weights.names.filter { $0.hasPrefix(prefix) || $0.hasPrefix("lm_head") }
        let tensors = try names.sorted().map { name in
            (name.replacing(prefix, with: "model."), try weights.tensor(name) + 0)
        }
        try write(values["text_config"] ?? .null, "config", to: folder)
        try write(tensors, to: folder)
    }

    private func read<Value: Decodable>(_ name: String, in folder: URL) throws -> Value {
        try JSONDecoder().decode(
            Value.self, from: Data(contentsOf: folder.appending(path: "\(name).json")))
    }

    private func write(_ value: JSONValue, _ name: String, to folder: URL) throws {
        try JSONEncoder().encode(value).write(to: folder.appending(path: "\(name).json"))
    }

    private func write(_ tensors: [(String, Tensor)], to folder: URL) throws {
        let sources = tensors.map { name, tensor in
            SafetensorsSource(name: name, dtype: .f32, shape: tensor.shape) { sink in
                try tensor.withContiguousBytes(sink)
            }
        }
        try Safetensors.write(sources, to: folder.appending(path: "model.safetensors"))
    }
}

/// What is trained of a model that sees.
enum Placement {
    /// Low-rank adapters on every linear layer, the tower's too.
    case everywhere
    /// Low-rank adapters on the decoder, the projector whole: the tower is frozen.
    case aboveTower
    /// The projector alone, whole.
    case projector

    func apply(to settings: inout TrainingSettings, _ subject: Subject) {
        if self == .everywhere { return }
        settings.modulesToSave =
            subject == .qwen ? ["merger.mlp.0", "merger.mlp.2"] : ["multi_modal_projector"]
        settings.loraTargetModules = []
        if self == .aboveTower { settings.loraTargetPattern = ".*language_model.*" }
    }
}

extension MethodFixture {
    /// Width and height of the images.
    private static let sizes = [(16, 16), (23, 11), (9, 30), (40, 28)]

    /// Writes `0.png` and so on.
    func writeImages() throws {
        for (number, (width, height)) in Self.sizes.enumerated() {
            let source = TinyVLM.picture(number)
            let pixels = (0..<(width * height * 3)).map { source.pixels[$0 % source.pixels.count] }
            let image = RGBImage(width: width, height: height, pixels: pixels)
            try Data(PNGFile.bytes(of: image))
                .write(to: folder.appending(path: "\(number).png"))
        }
    }
}
