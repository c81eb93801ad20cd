import Foundation
import Records
import TestSupport
import Testing

@testable import Images

/// DICOM beside pydicom.
struct DicomTests {
    /// Decoders of lossy code streams, and colour conversions, may round by one.
    private static let rounded = ["jpeg-", "j2k-lossy", "ybr", "half"]

    private func compare(
        _ bytes: [UInt8], _ name: String, _ frame: ExpectedFrames.Frame
    ) throws {
        let window = frame.window.map { ImageWindow(center: $0[0], width: $0[1]) }
        let image = try ImageFile.read(
            bytes: bytes, named: name, frame: frame.frame, window: window)
        #expect([image.width, image.height] == frame.size, "\(name)")
        if !Self.rounded.contains(where: name.hasPrefix) {
            #expect(
                CRC32.of(image.pixels) == frame.crc, "\(name), \(frame.frame), \(window as Any)")
        }
        for (place, value) in zip(places(9, in: image.pixels.count), frame.probes) {
            #expect(abs(Int(image.pixels[place]) - value) <= 2, "\(name) at \(place)")
        }
        let mean = image.pixels.reduce(0.0) { $0 + Double($1) } / Double(image.pixels.count)
        #expect(abs(mean - frame.mean) < 0.3, "\(name)")
    }

    @Test func picturesAreThoseOfPydicom() throws {
        let expected = try ExpectedFrames.load()
        #expect(expected.files.count == 29)
        for (name, frames) in expected.files {
            let bytes = try ExpectedFrames.bytes(name)
            for frame in frames { try compare(bytes, name, frame) }
        }
    }

    @Test(.enabled(if: TestFiles.sharedData != nil, "needs ../shared/data"))
    func realFilesAreThoseOfPydicom() throws {
        let folder = try #require(TestFiles.sharedData).appending(path: "dicom")
        let expected = try ExpectedFrames.load().shared
        #expect(expected.count == 11)
        for (name, frames) in expected {
            let path = folder.appending(path: name).path
            let bytes = try ImageBytes.load(path, limits: .standard)
            for frame in frames { try compare(bytes, name, frame) }
            let size = try ImageFile.size(of: ImageReference(path: path))
            #expect([size.width, size.height] == frames[0].size)
        }
    }

    @Test func framesOutsideAreRefused() throws {
        let bytes = try ExpectedFrames.bytes("frames-rle.dcm")
        for frame in [3, -1] {
            #expect(throws: ImageError(file: "x", problem: .noFrame(frame, count: 3))) {
                try ImageFile.read(bytes: bytes, named: "x", frame: frame)
            }
        }
        let path = ExpectedFrames.folder.appending(path: "frames.dcm").path
        #expect(throws: ImageError(file: path, problem: .noFrame(3, count: 3))) {
            try ImageFile.size(of: ImageReference(path: path, frame: 3))
        }
    }

    /// PS3.3 C.11.2.1.2.1 with center 40 and width 401: from 40 - 0.5 - 200 = -160.5 to 239.5;
    /// at 40, (0.5 / 400 + 0.5) x 255 = 127.8; at -160, (-199.5 / 400 + 0.5) x 255 = 0.3.
    @Test func windowsByHand() throws {
        let values = [-161, -160, 40, 240, 10_000, -101]
        func greys(_ window: ImageWindow?, _ function: String = "LINEAR") throws -> [UInt8] {
            var file = TinyDicom(values: values)
            file.add(0x0028, 0x1050, "DS", "40")
            file.add(0x0028, 0x1051, "DS", "401")
            file.add(0x0028, 0x1056, "CS", function)
            let image = try ImageFile.read(bytes: file.bytes, named: "x", window: window)
            return image.pixels.enumerated().filter { $0.offset % 3 == 0 }.map(\.element)
        }
        // At -101, (-140.5 / 400 + 0.5) x 255 = 37.9.
        #expect(try greys(nil) == [0, 0, 128, 255, 255, 38])
        #expect(try greys(ImageWindow(center: 40, width: 401)) == [0, 0, 128, 255, 255, 38])
        // Exact: from -160.5 to 240.5, the middle 127.5, halves to even; 240 is 254.7.
        #expect(try greys(nil, "LINEAR_EXACT") == [0, 0, 128, 255, 255, 38])
        // 255 / (1 + e^(4 x 201 / 401)) = 30.3; at -101, 255 / (1 + e^(4 x 141 / 401)) = 50.2.
        #expect(try greys(nil, "SIGMOID") == [30, 31, 128, 224, 255, 50])
        #expect(throws: ImageError.self) { try greys(ImageWindow(center: 0, width: 0)) }
        #expect(throws: ImageError.self) { try greys(ImageWindow(center: .nan, width: 5)) }
    }

    @Test func colouredImagesHaveNoWindow() throws {
        let bytes = try ExpectedFrames.bytes("rgb.dcm")
        #expect {
            try ImageFile.read(
                bytes: bytes, named: "x", window: ImageWindow(center: 1, width: 2))
        } throws: {
            ($0 as? ImageError)?.problem.kind == "unsupported"
        }
    }

    @Test func factsAreOfThePicture() throws {
        let path = ExpectedFrames.folder.appending(path: "signed.dcm").path
        let facts = try ImageFacts(of: path)
        #expect(facts.format == "DICOM" && facts.width == 26 && facts.height == 20)
        #expect(facts.dicom?.window == ImageWindow(center: 40, width: 400))
        #expect(facts.dicom?.voi?.source == "the data set")
        #expect(facts.dicom?.modalityTransformation?.slope == 1.5)
        #expect(facts.dicom?.ignored == ["1 further windows"])
        #expect(facts.dicom?.transferSyntax == "explicit, little endian")
        #expect(facts.dicom?.modality == "OT" && facts.dicom?.burnedInText != nil)
        let text = try String(decoding: JSONEncoder().encode(facts), as: UTF8.self)
        for secret in try ExpectedFrames.load().planted { #expect(!text.contains(secret)) }
    }
}
