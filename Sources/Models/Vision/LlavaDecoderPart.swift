import Checkpoints
import FileFormats
import Foundation
import Records
import Torch

/// The decoder of a model that is put together: a Hugging Face folder or a GGUF file.
struct LlavaDecoderPart {
    /// What becomes `text_config`.
    let values: [String: JSONValue]
    private let source: any WeightSource

    /// - Throws: ``FormatError`` when it is no text model that can be read.
    init(_ url: URL) throws(FormatError) {
        let checkpoint = try ModelCheckpoint(url)
        let configuration = checkpoint.configuration
        source = checkpoint.weights
        let file = url.appending(path: "config.json")
        guard !FileManager.default.fileExists(atPath: file.path) else {
            guard configuration.vision == nil else {
                throw FormatError(
                    file: file.path, item: "model_type", reason: "is of a model that sees already")
            }
            values = try JSONDocument.read(file).object ?? [:]
            return
        }
        values = try configuration.family.huggingFace(configuration.text, in: url.path)
    }

    /// The weights under the names they have in a larger model.
    func entries(
        _ configuration: DecoderConfiguration, _ dtype: DType
    ) throws(FormatError) -> [TensorFile.Entry] {
        let names = VisionFamily.llava.earlierNames
        var entries: [TensorFile.Entry] = []
        for name in configuration.tensorNames {
            guard let shape = source.shape(of: name) else {
                throw FormatError(
                    file: source.origin, item: name, reason: "there is no such tensor")
            }
            entries.append(
                TensorFile.Entry(name: names.current(name), dtype: dtype, shape: shape) {
                    [source] () throws(FormatError) in try source.tensor(name, as: dtype)
                })
        }
        return entries
    }
}
