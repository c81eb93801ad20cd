import Checkpoints
import FileFormats
import Foundation
import Layers
import Models
import Records
import TestSupport
import Testing
import Torch
import TorchTestSupport

/// A folder of `Tests/Fixtures/vision`, made by `Scripts/reference/vision_models.py`.
struct VisionFixture {
    static let llava = ["llava-clip", "llava-siglip", "llava-registers", "llava-dinov2"]
    static let qwen = ["qwen2-vl", "qwen2.5-vl"]
    static let all = llava + qwen

    /// The names of a checkpoint's tensors: as transformers writes them today, or as it did.
    enum Layout: CaseIterable { case today, old }

    let name: String
    let folder: URL
    /// What transformers and PEFT computed.
    let expected: SafetensorsWeights

    init(_ name: String) throws {
        startEngine()
        self.name = name
        folder = TestFiles.fixtures.appending(path: "vision/\(name)")
        expected = try SafetensorsWeights(url: folder.appending(path: "expected.safetensors"))
    }

    func tensor(_ name: String) throws -> Tensor { try expected.tensor(name) }

    /// The weights' names and sizes.
    func shapes() throws -> [String: [Int]] {
        let file = folder.appending(path: "weights.json")
        return try JSONDecoder().decode([String: [Int]].self, from: Data(contentsOf: file))
    }

    /// A Hugging Face folder with the formula's weights.
    ///
    /// - Parameter shardBytes: the most a file may hold.
    func modelFolder(
        _ layout: Layout = .today, shardBytes: Int = 1 << 30, dtype: DType = .float32
    ) throws -> URL {
        let url = try TestFiles.scratchFolder()
        try FileManager.default.copyItem(
            at: folder.appending(path: "config.json"), to: url.appending(path: "config.json"))
        var tensors = Dictionary(
            uniqueKeysWithValues: try shapes().map { ($0, Formula.weight($0, $1).to(dtype)) })
        if layout == .old { tensors = OldNames.of(tensors) }
        let sources = tensors.sorted { $0.key < $1.key }.map { name, tensor in
            SafetensorsSource(
                name: name, dtype: dtype == .bfloat16 ? .bf16 : .f32, shape: tensor.shape
            ) { sink in try tensor.withContiguousBytes(sink) }
        }
        try SafetensorsCollection.write(sources, to: url, maximumShardBytes: shardBytes)
        return url
    }

    func decoder(_ layout: Layout = .today, dtype: DType = .float32) throws -> Decoder {
        try Decoder(ModelCheckpoint(folder: modelFolder(layout)), dtype: dtype)
    }

    /// With LoRA on every linear layer and LLaVA's projector whole, all by the formula.
    func adaptedDecoder(dtype: DType = .float32) throws -> Decoder {
        let decoder = try decoder(dtype: dtype)
        let configuration = AdapterConfiguration(
            baseModel: name, rank: 2, alpha: 4, dropout: 0, rankStabilised: false,
            targets: [Decoder.allLinear],
            savedModules: Self.llava.contains(name) ? ["multi_modal_projector"] : [])
        try decoder.attachAdapters(configuration, seed: 0)
        for (name, tensor) in decoder.parameters() {
            withoutGradients { _ = tensor.copy_(Formula.weight(name, tensor.shape)) }
        }
        return decoder
    }

    // MARK: Inputs

    /// The three images.
    func images() throws -> [VisionInput] {
        if Self.qwen.contains(name) { return try patches() }
        let side = try tensor("gradient.pixels").size(3)
        let pixels = Formula.uniform("pixels", [3, 3, side, side])
        let grid = ImageGrid(height: side / 4, width: side / 4)
        return (0..<3).map { VisionInput(pixels: pixels.select(0, $0), grid: grid) }
    }

    private func patches() throws -> [VisionInput] {
        let grids = try tensor("grids")
        let sizes = (0..<3).map { grids.select(0, $0).values(Int64.self).map(Int.init) }
        let counts = sizes.map { $0.reduce(1, *) }
        let pixels = Formula.uniform("pixels", [counts.reduce(0, +), 96])
        return zip(pixels.split(counts, dim: 0), sizes).map { pixels, size in
            VisionInput(
                pixels: pixels, grid: ImageGrid(time: size[0], height: size[1], width: size[2]))
        }
    }

    /// The three rows side by side, and where the images are in them.
    func batch(_ decoder: Decoder) throws -> (tokens: TokenBatch, images: [PlacedImage]) {
        let tokens = try tensor("tokens").values(Int32.self)
        let lengths = try tensor("lengths").values(Int64.self).map(Int.init)
        let configuration = try #require(decoder.vision?.configuration)
        var (placed, row) = ([PlacedImage](), 0)
        for image in try images() {
            let start = try #require(tokens[row...].firstIndex(of: configuration.imageTokenID))
            let grid = configuration.tokens(patches: image.grid)
            let reference = ImageReference(path: "image \(placed.count)")
            placed.append(PlacedImage(reference: reference, start: start, grid: grid))
            row = start + grid.count
        }
        var batch = TokenBatch(
            tokens: tokens, positions: lengths.flatMap { Array(0..<$0) }, lengths: lengths)
        if decoder.configuration.multimodalSections != nil {
            batch.mropePositions = MRoPEPositions(
                lengths: lengths, prefixes: batch.prefixes, positions: batch.positions,
                images: placed)
        }
        return (batch, placed)
    }

    /// Logits of all rows.
    func logits(_ decoder: Decoder, _ inputs: [VisionInput]? = nil) throws -> Tensor {
        let (tokens, placed) = try batch(decoder)
        let vision = try #require(decoder.vision)
        let features = vision.features(try inputs ?? images())
        let rows = placed.imageRows(features)
        return decoder.logits(decoder.hidden(tokens, images: rows))
    }
}

extension [PlacedImage] {
    /// The rows of images with what stands there.
    func imageRows(_ features: [Tensor]) -> ImageRows {
        ImageRows(
            rows: flatMap { $0.start..<($0.start + $0.grid.count) }, features: .cat(features))
    }
}

extension Decoder {
    /// Everything that is trained, under the names of PEFT's file.
    func parameters(_ name: AdapterName = .default) -> [(name: String, tensor: Tensor)] {
        let adapters = adapterModules(name).flatMap { module in
            [("lora_A", module.a), ("lora_B", module.b)].map { half, tensor in
                ("base_model.model.\(module.path).\(half).weight", tensor)
            }
        }
        return adapters + savedTensors(name).map { ("base_model.model.\($0.name)", $0.tensor) }
    }
}
