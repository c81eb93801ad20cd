import Foundation
import Records
import TestSupport
import Testing

@testable import Images

struct ProcessorSettingsTests {
    private func processor(_ json: String) throws -> ImageProcessor {
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8))
        return try ImageProcessor(json: value, source: "p.json")
    }

    private func key(_ json: String) throws -> String? {
        do {
            _ = try processor(json)
            return nil
        } catch let error as ImageError {
            #expect(error.file == "p.json")
            guard case .setting(let key, _) = error.problem else { return "\(error)" }
            #expect("\(error)".contains(key))
            return key
        }
    }

    @Test func mistakesNameTheirKey() throws {
        let clip = #""image_processor_type": "CLIPImageProcessor""#
        let qwen = #""image_processor_type": "Qwen2VLImageProcessor""#
        #expect(try key("{}") == "image_processor_type")
        #expect(try key(#"{"image_processor_type": "Other"}"#) == "image_processor_type")
        #expect(try key(#"{"feature_extractor_type": "Other"}"#) == "feature_extractor_type")
        for (json, name) in [
            (#""size": 0"#, "size"), (#""size": "x""#, "size"), (#""size": [1, 2, 3]"#, "size"),
            (#""size": {"longest_edge": 3}"#, "size"),
            (#""size": {"shortest_edge": -3}"#, "size.shortest_edge"),
            (#""size": {"height": 1.5, "width": 2}"#, "size.height"),
            (#""crop_size": {"height": 3}"#, "crop_size"), (#""resample": 1"#, "resample"),
            (#""image_mean": [1, 2]"#, "image_mean"), (#""image_std": [1, 0, 1]"#, "image_std"),
            (#""do_resize": "yes""#, "do_resize"), (#""rescale_factor": "x""#, "rescale_factor"),
            (#""do_pad": true"#, "do_pad"), (#""patch_size": 0"#, "patch_size"),
        ] {
            #expect(try key("{\(clip), \(json)}") == name, "\(json)")
        }
        #expect(try key(#"{\#(qwen), "do_resize": false}"#) == "do_resize")
        #expect(try key(#"{\#(qwen), "size": {"shortest_edge": 9}}"#) == "size")
        #expect(try key(#"{\#(qwen), "max_pixels": "many"}"#) == "max_pixels")
    }

    @Test func silentFilesMeanWhatTransformersMeans() throws {
        let clip = try processor(#"{"feature_extractor_type": "CLIPFeatureExtractor"}"#).steps
        #expect(clip.resize == .shortestEdge(224, longest: nil) && clip.filter == .bicubic)
        #expect(clip.crop == ImageSize(width: 224, height: 224) && clip.rescale == 1.0 / 255)
        #expect(clip.normalize?.mean == [0.48145466, 0.4578275, 0.40821073])
        let siglip = try processor(#"{"image_processor_type": "SiglipImageProcessorFast"}"#).steps
        #expect(siglip.resize == .exact(ImageSize(width: 224, height: 224)) && siglip.crop == nil)
        #expect(siglip.normalize?.deviation == [0.5, 0.5, 0.5])
        let qwen = try processor(#"{"image_processor_type": "Qwen2VLImageProcessorFast"}"#)
        #expect(qwen.maxPixels == 1_003_520 && qwen.patchSize == 14)
    }

    /// An older spelling of the bounds; null is silence.
    @Test func spellingsOfSizes() throws {
        let json =
            #"{"image_processor_type": "Qwen2VLImageProcessor", "min_pixels": null, "#
            + #""size": {"min_pixels": 3136, "max_pixels": 200704}}"#
        #expect(try processor(json).maxPixels == 200_704)
        let both =
            #"{"image_processor_type": "Qwen2VLImageProcessor", "max_pixels": 50176, "#
            + #""size": {"shortest_edge": 3136, "longest_edge": 200704}}"#
        #expect(try processor(both).maxPixels == 50_176)
        let square =
            #"{"image_processor_type": "CLIPImageProcessor", "size": 32, "#
            + #""default_to_square": true, "crop_size": 30, "do_normalize": false}"#
        let steps = try processor(square).steps
        #expect(steps.resize == .exact(ImageSize(width: 32, height: 32)))
        #expect(steps.crop == ImageSize(width: 30, height: 30) && steps.normalize == nil)
        let sides = #"{"image_processor_type": "CLIPImageProcessor", "size": [20, 30]}"#
        #expect(try processor(sides).steps.resize == .exact(ImageSize(width: 30, height: 20)))
    }

    @Test func foldersHaveSeveralFiles() throws {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        let own = folder.appending(path: "preprocessor_config.json")
        #expect(throws: ImageError(file: own.path, problem: .missing)) {
            try ImageProcessor(folder: folder)
        }
        try write("preprocessor_config.json", "[1]")
        #expect(throws: ImageError(file: own.path, problem: .corrupt("not a JSON object"))) {
            try ImageProcessor(folder: folder)
        }
        try write("preprocessor_config.json", #"{"image_processor_type": "CLIPImageProcessor"}"#)
        #expect(try ImageProcessor(folder: folder).patchSize == 1)
        try write("config.json", #"{"vision_config": {"patch_size": 32}}"#)
        #expect(try ImageProcessor(folder: folder).patchSize == 32)
        try write("processor_config.json", #"{"patch_size": 16}"#)
        #expect(try ImageProcessor(folder: folder).patchSize == 16)
        let nested = #"{"image_processor": {"image_processor_type": "SiglipImageProcessor"}}"#
        try write("processor_config.json", nested)
        let processor = try ImageProcessor(folder: folder)
        #expect(processor.steps.crop == nil && processor.patchSize == 32)
        #expect(try processor.grid(for: ImageSize(width: 5, height: 9)).count == 49)
    }
}
