import Datasets
import Foundation
import Generation
import Images
import Records
import TestSupport
import Testing
import Torch
import TorchTestSupport
import VisionTestSupport

@testable import Attribution

struct AttributorTests {
    private let model: LanguageModel
    private let images: [ImageReference]

    init() throws {
        let folder = try TestFiles.scratchFolder()
        model = try TinyVLM.model(in: folder)
        images = try (0..<2).map { number in
            let file = folder.appending(path: "\(number).png")
            try Data(PNGFile.bytes(of: TinyVLM.picture(number))).write(to: file)
            return ImageReference(path: file.path)
        }
    }

    private func group(_ images: [ImageReference]) throws -> PromptGroup {
        try model.encoding.group(
            [Message(role: "user", content: "What is it?")],
            completions: ["A nodule.", "Nothing."], images: images)
    }

    /// Of several images one is followed; the others are there too, each in its place.
    @Test(arguments: [0, 1])
    func oneOfSeveralImagesIsFollowed(place: Int) throws {
        let group = try group(images)
        let whole = try withoutGradients { try model.sums(of: [group]) }.values(Double.self)
        let objective = try PixelObjective(model, group, following: place)
        func scores(_ number: Int) throws -> [Double] {
            try withoutGradients {
                try objective.logLikelihoods(TinyVLM.picture(number).tensor)
            }.values(Double.self)
        }
        #expect(try zip(whole, scores(place)).allSatisfy { abs($0 - $1) < 1e-3 })
        let other = try withoutGradients {
            try model.sums(of: [self.group([images[1 - place], images[1 - place]])])
        }.values(Double.self)
        #expect(try zip(other, scores(1 - place)).allSatisfy { abs($0 - $1) < 1e-3 })
        #expect(zip(whole, other).allSatisfy { abs($0 - $1) > 1e-3 })
        #expect(throws: AttributionError.images(2)) {
            try PixelObjective(model, group, following: 2)
        }
    }

    /// 2048 x 512 becomes 1024 x 256: an overlay is no larger than a screen.
    @Test func largeImagesAreMadeSmaller() throws {
        let large = Resampler.resize(
            TinyVLM.picture(0), to: ImageSize(width: 2048, height: 512), filter: .bilinear)
        let map = try Attributor(model).saliency(large, of: 1, in: group([images[0]]))
        #expect(map.width == 1024 && map.height == 256)
        #expect(map.values.contains(1) && map.values.allSatisfy { (0...1).contains($0) })
        let attention = try Attributor(model).attention(large)
        #expect(attention.width == 1024 && attention.height == 256)
        let png = try ImageFile.read(bytes: Overlay.png(large, map), named: "overlay")
        #expect(png.width == 1024 && png.height == 256)
    }

    /// 4 x 2 patches of two tokens: the first token's four are the left half.
    @Test func patchesReturnToTheirRows() throws {
        let seer = try TinyVLM.qwen(in: TestFiles.scratchFolder())
        let patches = try #require(seer.vision?.processor.steps.patches)
        #expect(patches.merge == 2)
        #expect(patches.inRows([0, 1, 2, 3, 4, 5, 6, 7], width: 4) == [0, 1, 4, 5, 2, 3, 6, 7])
        #expect(patches.inRows([0, 1, 2, 3, 4, 5, 6, 7], width: 2) == [0, 1, 2, 3, 4, 5, 6, 7])
    }

    /// Qwen's tower, in windows and merged patches: of the image's shape, and also for an image of
    /// more patches than are followed: 800 x 400 pixels make 200 x 100 of them.
    @Test func qwenIsFollowedThroughItsWindows() throws {
        let looker = try Attributor(TinyVLM.qwen(in: TestFiles.scratchFolder()))
        for side in [24, 400] {
            let image = Resampler.resize(
                TinyVLM.picture(0), to: ImageSize(width: 2 * side, height: side),
                filter: .bilinear)
            let map = try looker.attention(image)
            #expect(map.width == 2 * side && map.height == side)
            #expect(map.values.contains(1) && map.values.contains { $0 < 0.9 })
        }
    }

    @Test func aSmallMapLiesInTheMiddle() {
        let map = PixelMap(width: 2, height: 1, values: [1, 2]).centred(width: 4, height: 3)
        #expect(map.values == [0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0])
    }
}
