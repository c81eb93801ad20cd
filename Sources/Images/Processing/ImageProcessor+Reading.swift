import Foundation
import Records

extension ImageProcessor {
    /// Reads the settings of a model's folder: `preprocessor_config.json`, or the part
    /// `image_processor` of `processor_config.json`, where transformers 5 writes it. The patch
    /// size comes from there or from `vision_config.patch_size` in `config.json`.
    ///
    /// - Throws: `.missing`, `.corrupt` for something other than JSON, `.setting` naming the key.
    package init(folder: URL) throws(ImageError) {
        let whole = try Self.object(in: folder.appending(path: "processor_config.json"))
        let own = folder.appending(path: "preprocessor_config.json")
        let settings: [String: JSONValue]
        var source = own.path
        if let nested = whole?["image_processor"]?.object {
            (settings, source) = (nested, folder.appending(path: "processor_config.json").path)
        } else if let object = try Self.object(in: own) {
            settings = object
        } else {
            throw ImageError(file: own.path, problem: .missing)
        }
        try self.init(json: .object(settings), source: source)
        if steps.patches == nil, settings["patch_size"] == nil {
            let model = try Self.object(in: folder.appending(path: "config.json"))
            let vision = model?["vision_config"]?["patch_size"] ?? model?["patch_size"]
            patchSize = (whole?["patch_size"] ?? vision)?.integer.flatMap { $0 > 0 ? $0 : nil } ?? 1
        }
    }

    /// - Parameter json: What `preprocessor_config.json` holds.
    /// - Throws: `.setting` naming the key.
    package init(
        json: JSONValue, source: String = "preprocessor_config.json"
    ) throws(ImageError) {
        self = try ImageProblem.named(source) { () throws(ImageProblem) in
            guard let object = json.object else { throw .corrupt("not an object") }
            let settings = ProcessorSettings(object: object)
            let kind = try ProcessorKind(settings)
            let steps = try kind.steps(settings)
            let patch = try settings.count("patch_size") ?? steps.patches?.side ?? 1
            return ImageProcessor(steps: steps, patchSize: patch, source: source)
        }
    }

    private static func object(in file: URL) throws(ImageError) -> [String: JSONValue]? {
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        do {
            return try JSONDecoder().decode([String: JSONValue].self, from: Data(contentsOf: file))
        } catch is DecodingError {
            throw ImageError(file: file.path, problem: .corrupt("not a JSON object"))
        } catch {
            throw ImageError(file: file.path, problem: .unreadable("\(error.localizedDescription)"))
        }
    }
}
