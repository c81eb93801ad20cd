import Checkpoints
import FileFormats
import Foundation
import Records
import Torch

/// The vision tower of a model that is put together: a Hugging Face folder of CLIP, SigLIP or
/// DINOv2, also with a text tower beside it.
struct LlavaTowerPart {
    let configuration: VisionTransformerConfiguration
    /// What becomes `vision_config`.
    let values: [String: JSONValue]
    /// What becomes preprocessor_config.json: the tower's own.
    let processor: JSONValue
    private let weights: RenamedWeights

    /// - Throws: ``FormatError`` when it is no tower that can be read.
    init(_ folder: URL) throws(FormatError) {
        let json = try ConfigurationFile(folder.appending(path: "config.json"))
        let whole = ["clip": "clip_vision_model", "siglip": "siglip_vision_model"]
        let type = try json.text("model_type", else: "none")
        let inner = try whole[type] == nil ? json : json.object("vision_config") ?? json
        var values = inner.values.object ?? [:]
        values["model_type"] = .string(whole[type] ?? type)
        self.values = values
        configuration = try VisionTransformerConfiguration(inner.replacing(.object(values)))
        weights = try RenamedWeights(SafetensorsWeights(url: folder), .tower)
        processor = try JSONDocument.read(folder.appending(path: "preprocessor_config.json"))
    }

    /// Numbers of one feature.
    var width: Int { configuration.hiddenSize }

    /// Rows of an image of the size that the processor makes, without the class token.
    var tokenCount: Int {
        let sizes = [processor["crop_size"], processor["size"]].compactMap { $0 }
        let size = sizes.first { $0["height"] != nil && $0["width"] != nil }
        let sides = ["height", "width"].map { size?[$0]?.integer ?? configuration.imageSize }
        return sides.reduce(1) { $0 * ($1 / configuration.patchSize) } + configuration.registers
    }

    /// The weights under the names they have in a larger model.
    func entries(_ dtype: DType) throws(FormatError) -> [TensorFile.Entry] {
        var entries: [TensorFile.Entry] = []
        for name in weights.names where Self.isTower(name) {
            let shape = weights.shape(of: name) ?? []
            entries.append(
                TensorFile.Entry(name: "model.vision_tower.\(name)", dtype: dtype, shape: shape) {
                    [weights] () throws(FormatError) in try weights.tensor(name, as: dtype)
                })
        }
        return entries
    }

    /// Whether a tensor belongs to the tower, and is a weight.
    private static func isTower(_ name: String) -> Bool {
        let modules = [
            "embeddings", "encoder", "pre_layrnorm", "post_layernorm", "layernorm", "head",
        ]
        return modules.contains { name.hasPrefix("\($0).") } && !name.hasSuffix(".position_ids")
    }
}
