import FileFormats
import Foundation
import Generation
import Records
import TestSupport

extension TinyVLM {
    /// A model of Qwen2.5-VL's shape, that of the fixture, with random weights: patches of 4 x 4
    /// pixels, four of them a token, windows of 2 x 2 tokens in the first of two layers.
    package static func qwen(in folder: URL) throws -> LanguageModel {
        let fixture = TestFiles.fixtures.appending(path: "vision/qwen2.5-vl")
        let file = try JSONDocument.read(fixture.appending(path: "config.json"))
        var configuration = file.object ?? [:]
        var text = configuration["text_config"]?.object ?? [:]
        // The tokens of this model are bytes.
        text["vocab_size"] = .integer(258)
        configuration["text_config"] = .object(text)
        configuration["image_token_id"] = .integer(257)
        let shapes = try JSONDocument.read(fixture.appending(path: "weights.json")).object ?? [:]
        let weights = shapes.sorted { $0.key < $1.key }.map { name, value in
            let shape = value.array?.compactMap(\.integer) ?? []
            return (name, name.contains("embed_tokens") ? [258, shape[1]] : shape)
        }
        return try model(in: folder, .object(configuration), qwenProcessor, weights)
    }

    private static let qwenProcessor = JSONValue.object(
        [
            "patch_size": 4, "merge_size": 2, "temporal_patch_size": 2, "min_pixels": 64,
            "max_pixels": 1 << 20,
        ].mapValues(JSONValue.integer)
            .merging(["image_processor_type": .string("Qwen2VLImageProcessor")]) { $1 })
}
