import Foundation
import Records
import TestSupport
import Testing

@testable import Images

/// PNG, JPEG and WebP beside Pillow.
struct PictureTests {
    @Test func pixelsAreThoseOfPillow() throws {
        let expected = try Expected.load()
        #expect(expected.files.count >= 24)
        for (name, picture) in expected.files {
            let image = try ImageFile.read(ImageReference(path: Expected.path(name)))
            #expect([image.width, image.height] == picture.size, "\(name)")
            #expect(CRC32.of(image.pixels) == picture.crc, "\(name)")
        }
    }

    @Test func sizesNeedNoDecoding() throws {
        for (name, picture) in try Expected.load().files {
            let size = try ImageFile.size(of: ImageReference(path: Expected.path(name)))
            #expect([size.width, size.height] == picture.size, "\(name)")
        }
    }

    /// Every value of EXIF's tag, and two that mean nothing.
    @Test func orientationsTurnThePicture() throws {
        let data = try Expected.bytes("rotated.jpg")
        let tag: [UInt8] = [0x01, 0x12, 0x00, 0x03, 0x00, 0x00, 0x00, 0x01, 0x00]
        let place = try #require(
            data.indices.first { data[$0...].starts(with: tag) }, "the tag of the fixture")
        for (value, picture) in try Expected.load().orientations {
            var turned = data
            turned[place + tag.count] = try #require(UInt8(value))
            let image = try ImageFile.read(bytes: turned, named: "turned")
            #expect([image.width, image.height] == picture.size, "orientation \(value)")
            #expect(CRC32.of(image.pixels) == picture.crc, "orientation \(value)")
        }
    }

    @Test(.enabled(if: TestFiles.sharedData != nil, "needs ../shared/data"))
    func photographsAreThoseOfPillow() throws {
        let folder = try #require(TestFiles.sharedData).appending(path: "tokenizers/qwen2.5vl-ort")
        for (name, picture) in try Expected.load().shared {
            let path = folder.appending(path: name).path
            let image = try ImageFile.read(ImageReference(path: path))
            #expect([image.width, image.height] == picture.size, "\(name)")
            #expect(CRC32.of(image.pixels) == picture.crc, "\(name)")
        }
    }

    @Test func framesAndWindowsBelongToDICOM() throws {
        let path = Expected.path("colour.png")
        #expect(throws: ImageError(file: path, problem: .noFrame(1, count: 1))) {
            try ImageFile.read(ImageReference(path: path, frame: 1))
        }
        #expect(try ImageFile.read(ImageReference(path: path, frame: 0)).width == 61)
        #expect {
            try ImageFile.read(
                ImageReference(path: path, window: ImageWindow(center: 1, width: 2)))
        } throws: {
            ($0 as? ImageError)?.problem.kind == "unsupported"
        }
    }

    /// By hand: a PNG of 2 x 1 pixels, read back.
    @Test func writtenPicturesReadBack() throws {
        let pixels: [UInt8] = [1, 2, 3, 250, 0, 128]
        let image = RGBImage(width: 2, height: 1, pixels: pixels)
        #expect(try ImageFile.read(bytes: PNGFile.bytes(of: image), named: "x") == image)
        let clear = try PNGFile.bytes(ofRGBA: [1, 2, 3, 0, 250, 0, 128, 255], width: 2, height: 1)
        #expect(try ImageFile.read(bytes: clear, named: "x").pixels == pixels)
        let header = try Codec.header(of: clear, .png)
        #expect(header.channels == 4 && header.bits == 8)
    }

    @Test func largePicturesSurviveTheWriter() throws {
        let pixels = (0..<(300 * 200 * 3)).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7) }
        let image = RGBImage(width: 300, height: 200, pixels: pixels)
        #expect(try ImageFile.read(bytes: PNGFile.bytes(of: image), named: "x") == image)
    }

    @Test func factsSayWhatAFileIs() throws {
        let facts = try ImageFacts(of: Expected.path("rotated.png"))
        // Stored 23 x 17 and turned by a quarter.
        #expect(facts.format == "PNG" && facts.width == 17 && facts.height == 23)
        #expect(facts.orientation == 8 && facts.channels == 3 && facts.bitsPerChannel == 8)
        #expect(facts.dicom == nil && facts.frames == 1)
        #expect(try ImageFacts(of: Expected.path("animated.webp")).frames == 2)
        #expect(try ImageFacts(of: Expected.path("grey-alpha.png")).channels == 2)
    }
}
