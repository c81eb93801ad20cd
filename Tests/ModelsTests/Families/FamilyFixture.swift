import Checkpoints
import FileFormats
import Foundation
import Records
import TestSupport
import Torch
import TorchTestSupport

@testable import Models

/// A folder of `Tests/Fixtures/families`, made by `Scripts/reference/family_models.py`.
struct FamilyFixture {
    /// Those that the program knows.
    static let known = ["qwen2", "qwen3", "smollm3", "stablelm", "gemma2"]

    let folder: URL
    let families: ModelFamilies
    /// What transformers and PEFT computed.
    let expected: SafetensorsWeights

    init(_ name: String, _ families: ModelFamilies = .known) throws {
        startEngine()
        folder = TestFiles.fixtures.appending(path: "families/\(name)")
        self.families = families
        expected = try SafetensorsWeights(url: folder.appending(path: "expected.safetensors"))
    }

    var config: URL { folder.appending(path: "config.json") }

    func configuration() throws -> DecoderConfiguration {
        try DecoderConfiguration(huggingFace: config, families: families)
    }

    /// The same as a GGUF file says it, whose numbers are of 32 bits.
    func configurationInGGUF() throws -> DecoderConfiguration {
        var decoder = try configuration()
        decoder.normEpsilon = Double(Float(decoder.normEpsilon))
        return decoder
    }

    /// The weights' names with their sizes and llama.cpp's names.
    func weights() throws -> [(name: String, shape: [Int], gguf: String)] {
        let json = try JSONDocument.read(folder.appending(path: "weights.json"))
        let layers = try configuration().layers
        return (json.object ?? [:]).sorted { $0.key < $1.key }.flatMap { name, entry in
            let shape = entry.array?.first?.array?.compactMap(\.integer) ?? []
            let gguf = entry.array?.last?.string ?? ""
            return (0..<(name.contains(".layers.") ? layers : 1)).map { layer in
                (
                    name.replacing(".layers.0.", with: ".layers.\(layer)."), shape,
                    gguf.replacing("blk.0.", with: "blk.\(layer).")
                )
            }
        }
    }

    /// A Hugging Face folder with the formula's weights.
    func modelFolder() throws -> URL {
        let url = try TestFiles.scratchFolder()
        try FileManager.default.copyItem(at: config, to: url.appending(path: "config.json"))
        let tensors = try weights().map { ($0.name, Formula.weight($0.name, $0.shape)) }
        try TensorFile.write(tensors, to: url.appending(path: "model.safetensors"))
        return url
    }

    func decoder(_ dtype: DType = .float32) throws -> Decoder {
        try Decoder(ModelCheckpoint(modelFolder(), families: families), dtype: dtype)
    }

    /// With LoRA on every linear layer by the formula.
    func adaptedDecoder() throws -> Decoder {
        let decoder = try decoder()
        let configuration = AdapterConfiguration(
            baseModel: "", rank: 1, alpha: 4, dropout: 0, rankStabilised: false,
            targets: [Decoder.allLinear])
        try decoder.attachAdapters(configuration, seed: 0)
        for (name, tensor) in decoder.parameters() {
            withoutGradients { _ = tensor.copy_(Formula.weight(name, tensor.shape)) }
        }
        return decoder
    }

    /// Two rows of unequal length.
    func sequences() throws -> [[Int32]] {
        let lengths = try expected.tensor("lengths").values(Int64.self).map(Int.init)
        return try expected.tensor("tokens").split(lengths, dim: 0).map { $0.values(Int32.self) }
    }
}
