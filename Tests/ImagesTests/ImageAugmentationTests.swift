import Foundation
import Randomness
import TestSupport
import Testing

@testable import Images

struct ImageAugmentationTests {
    /// What `Scripts/reference/augmentation.py` wrote.
    private struct Reference: Decodable {
        struct Lit: Decodable {
            let brightness: Double
            let contrast: Double
            let pixels: [UInt8]
        }

        let width: Int
        let height: Int
        let pixels: [UInt8]
        let mirrored: [UInt8]
        let lit: [Lit]

        var image: RGBImage { RGBImage(width: width, height: height, pixels: pixels) }
    }

    private func reference() throws -> Reference {
        let url = TestFiles.fixtures.appending(path: "images/augmentation.json")
        return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
    }

    @Test func agreesWithTorchvision() throws {
        let reference = try reference()
        let image = reference.image
        #expect(image.mirrored.pixels == reference.mirrored)
        #expect(image.mirrored.mirrored == image)
        for lit in reference.lit {
            let found = image.lit(brightness: lit.brightness, contrast: lit.contrast).pixels
            // torchvision computes in f32, and cuts off what is behind the point.
            #expect(zip(found, lit.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
        }
    }

    @Test func cropsKeepTheSize() throws {
        let image = try reference().image
        #expect(image.cropped(1, left: 0.5, top: 0.5) == image)
        let cropped = image.cropped(0.6, left: 0.99, top: 0)
        #expect(cropped.size == image.size && cropped != image)
        // 0.6 of 5 and 4 pixels are 3 and 2: the right upper corner, resized.
        let corner = RGBImage(
            width: 3, height: 2, pixels: Resampler.crop(image, 2..<5, 0..<2))
        #expect(cropped == Resampler.resize(corner, to: image.size, filter: .bicubic))
        let line = RGBImage(width: 1, height: 1, pixels: [1, 2, 3])
        #expect(line.cropped(0.1, left: 0, top: 0) == line)
    }

    /// The same draws whatever is switched on, so that one key changes nothing of the others.
    @Test func drawsFollowTheStream() throws {
        let image = try reference().image
        func changed(_ augmentation: ImageAugmentation, _ seed: UInt64) -> RGBImage {
            var stream = RandomStream(seed: seed)
            return augmentation(image, &stream)
        }
        let all = ImageAugmentation(flip: 0.5, crop: 0.5, light: 0.3)
        #expect((0..<8).allSatisfy { changed(all, $0) == changed(all, $0) })
        #expect(Set((0..<8).map { changed(all, $0) }).count == 8)
        let flip = ImageAugmentation(flip: 0.5)
        let flipped = (0..<64).count { changed(flip, $0) == image.mirrored }
        #expect((20...44).contains(flipped))
        #expect((0..<64).count { changed(flip, $0) == image } == 64 - flipped)
        let none = ImageAugmentation()
        #expect(none.isIdentity && changed(none, 1) == image)
    }
}
