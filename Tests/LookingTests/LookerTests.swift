import Datasets
import Foundation
import Generation
import Images
import Records
import SeeingTestSupport
import TestSupport
import Testing
import Torch
import TorchTestSupport

@testable import Looking

struct LookerTests {
    private let model: LanguageModel
    private let images: [ImageReference]

    init() throws {
        let folder = try TestFiles.scratchFolder()
        model = try TinySeer.model(in: folder)
        images = try (0..<2).map { number in
            let file = folder.appending(path: "\(number).png")
            try Data(PNGFile.bytes(of: TinySeer.picture(number))).write(to: file)
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
                try objective.logLikelihoods(TinySeer.picture(number).tensor)
            }.values(Double.self)
        }
        #expect(try zip(whole, scores(place)).allSatisfy { abs($0 - $1) < 1e-3 })
        let other = try withoutGradients {
            try model.sums(of: [self.group([images[1 - place], images[1 - place]])])
        }.values(Double.self)
        #expect(try zip(other, scores(1 - place)).allSatisfy { abs($0 - $1) < 1e-3 })
        #expect(zip(whole, other).allSatisfy { abs($0 - $1) > 1e-3 })
        #expect(throws: LookingError.images(2)) {
            try PixelObjective(model, group, following: 2)
        }
    }

    /// 2048 x 512 becomes 1024 x 256: an overlay is no larger than a screen.
    @Test func largeImagesAreMadeSmaller() throws {
        let large = Resampler.resize(
            TinySeer.picture(0), to: ImageSize(width: 2048, height: 512), filter: .bilinear)
        let map = try Looker(model).saliency(large, of: 1, in: group([images[0]]))
        #expect(map.width == 1024 && map.height == 256)
        #expect(map.values.contains(1) && map.values.allSatisfy { (0...1).contains($0) })
        let attention = try Looker(model).attention(large)
        #expect(attention.width == 1024 && attention.height == 256)
        let png = try ImageFile.read(bytes: Overlay.png(large, map), named: "overlay")
        #expect(png.width == 1024 && png.height == 256)
    }

    @Test func aSmallMapLiesInTheMiddle() {
        let map = PixelMap(width: 2, height: 1, values: [1, 2]).centred(width: 4, height: 3)
        #expect(map.values == [0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0])
    }
}
