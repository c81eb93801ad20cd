import Checkpoints
import FileFormats
import Foundation
import Layers
import Torch

/// A Hugging Face folder with an adapter taken into its weights, as PEFT's `merge_and_unload`.
public enum MergedFolder {
    /// Writes the merged model beside copies of the base's other files; the weights keep their
    /// element types, and go by the names that transformers gives them today.
    ///
    /// - Throws: ``FormatError`` or ``AdapterError``; nothing is left behind then.
    public static func write(base: URL, adapter: URL, to output: URL) throws {
        let file = base.appending(path: "config.json")
        let names = try ModelConfiguration(huggingFace: file).earlierNames
        let weights = try RenamedWeights(SafetensorsWeights(url: base), names)
        let changes = try Changes(adapter, names, weights)
        let entries = try weights.names.map { name throws(FormatError) in
            TensorFile.Entry(
                name: name, dtype: try weights.dtype(of: name),
                shape: weights.shape(of: name) ?? []
            ) { () throws(FormatError) in try changes.tensor(name, of: weights) }
        }
        try AtomicFolder.write(to: output) { folder in
            try copyOthers(from: base, to: folder)
            try TensorFile.write(
                entries, metadata: ["format": "pt"],
                to: folder.appending(path: "model.safetensors"))
        }
    }

    private static func copyOthers(from base: URL, to folder: URL) throws {
        let weights = [".safetensors", ".safetensors.index.json", ".bin", ".pt", ".pth", ".gguf"]
        let manager = FileManager.default
        for name in try manager.contentsOfDirectory(atPath: base.path)
        where !name.hasPrefix(".") && !weights.contains(where: name.hasSuffix) {
            try manager.copyItem(
                at: base.appending(path: name), to: folder.appending(path: name))
        }
    }
}

/// What an adapter makes of a model's weights, under today's names.
private struct Changes {
    private let configuration: AdapterConfiguration
    private var updates: [String: AdapterFiles.Module] = [:]
    private var whole: [String: Tensor] = [:]

    init(_ folder: URL, _ names: WeightNames, _ weights: RenamedWeights) throws {
        let file = try AdapterFiles.read(folder)
        guard file.score == nil else {
            throw FormatError(
                file: folder.path, item: "task_type",
                reason: "SEQ_CLS is a reward model's adapter; its head has no place in the model")
        }
        configuration = file.configuration
        for module in file.modules {
            let name = names.current(module.path) + ".weight"
            let expected = weights.shape(of: name) ?? []
            let found = [module.b.size(0), module.a.size(1)]
            guard !expected.isEmpty else { throw AdapterError.unknownModule(module.path) }
            guard expected == found else {
                throw AdapterError.shape(module: module.path, expected: expected, found: found)
            }
            updates[name] = module
        }
        for saved in file.saved {
            let name = names.current(saved.name)
            let expected = weights.shape(of: name) ?? []
            guard !expected.isEmpty else { throw AdapterError.unknownModule(saved.name) }
            guard expected == saved.tensor.shape else {
                throw AdapterError.shape(
                    module: saved.name, expected: expected, found: saved.tensor.shape)
            }
            whole[name] = saved.tensor
        }
    }

    /// W + scale B A, what was trained in its place, or W itself; in the type W is stored in.
    func tensor(_ name: String, of weights: RenamedWeights) throws(FormatError) -> Tensor {
        let dtype = try weights.dtype(of: name)
        if let trained = whole[name] { return trained.to(dtype) }
        guard let module = updates[name] else { return try weights.tensor(name, as: dtype) }
        let scale = configuration.scale(of: module.path)
        let update = module.b.matmul(module.a) * scale
        return (try weights.tensor(name, as: .float32) + update).to(dtype)
    }
}
