import Foundation
import Models
import Records
import Testing
import Torch
import TorchTestSupport

/// A model of full size, written by `Scripts/reference/full_size.py`, loads within memory and reads
/// an image: `FULL_SIZE_MODEL=FOLDER make test`.
struct FullSizeTests {
    static let folder = ProcessInfo.processInfo.environment["FULL_SIZE_MODEL"]

    @Test(.enabled(if: folder != nil, "FULL_SIZE_MODEL names a folder of full_size.py"))
    func loadsAndReadsAnImage() throws {
        startEngine()
        let url = URL(filePath: try #require(Self.folder))
        let clock = ContinuousClock()
        let start = clock.now
        let decoder = try Decoder(ModelCheckpoint(folder: url), dtype: .bfloat16)
        print("loaded in \(clock.now - start), \(Self.memory()) GB of memory at most")
        let vision = try #require(decoder.vision)
        let image = image(vision)
        let features = withInference { vision.features([image])[0] }
        let grid = vision.configuration.tokens(patches: image.grid)
        let placed = PlacedImage(reference: ImageReference(path: "x"), start: 1, grid: grid)
        let tokens = [1] + Array(repeating: vision.imageTokenID, count: grid.count) + [5, 6]
        var batch = TokenBatch([tokens])
        if decoder.configuration.multimodalSections != nil {
            batch.mropePositions = MRoPEPositions(
                lengths: batch.lengths, prefixes: [-1], positions: batch.positions,
                images: [placed])
        }
        let rows = [placed].imageRows([features])
        let read = clock.now
        let hidden = withInference { decoder.hidden(batch, images: rows) }
        #expect(hidden.isFinite().all().item(Bool.self))
        print("read \(tokens.count) tokens in \(clock.now - read), \(Self.memory()) GB at most")
    }

    /// 336 x 336 pixels for LLaVA, 26 x 36 patches for Qwen.
    private func image(_ vision: VisionModel) -> VisionInput {
        switch vision.configuration.tower {
        case .transformer(let tower):
            let side = tower.imageSize / tower.patchSize
            return VisionInput(
                pixels: Formula.uniform("pixels", [3, tower.imageSize, tower.imageSize]),
                grid: ImageGrid(height: side, width: side))
        case .qwen(let tower):
            let width = 3 * tower.temporalPatchSize * tower.patchSize * tower.patchSize
            return VisionInput(
                pixels: Formula.uniform("pixels", [26 * 36, width]),
                grid: ImageGrid(height: 26, width: 36))
        }
    }

    /// The most memory this process has had, from the kernel (`VmHWM`).
    private static func memory() -> String {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        let kilobytes = Double(line.split(separator: " ").dropFirst().first ?? "") ?? 0
        return String(format: "%.1f", kilobytes / 1e6)
    }
}
