import Foundation
import Records
import TestSupport
import Testing

@testable import Images

/// What `preceptor images render` writes.
struct ShownImageTests {
    @Test(arguments: ["rotated.jpg", "rotated.webp", "alpha.png"])
    func picturesAreShownAsTheyAreRead(name: String) throws {
        let shown = try ImageFile.show(Expected.path(name))
        #expect(try shown.image == ImageFile.read(ImageReference(path: Expected.path(name))))
        #expect(shown.dicom == nil)
        // The whole range of a picture is what it shows anyway.
        #expect(try ImageFile.show(Expected.path(name), .all).image == shown.image)
    }

    @Test func writtenFilesHoldTheSamePixels() throws {
        let folder = try TestFiles.scratchFolder()
        let output = folder.appending(path: "frame.png").path
        let source = ExpectedFrames.folder.appending(path: "enhanced.dcm").path
        let shown = try ImageFile.show(source, frame: 2)
        try PNGFile.write(shown.image, to: output, overwrite: false)
        #expect(try ImageFile.read(ImageReference(path: output)) == shown.image)
        #expect(throws: ImageError(file: output, problem: .exists)) {
            try PNGFile.write(shown.image, to: output, overwrite: false)
        }
    }

    @Test func shrinkingKeepsTheShape() throws {
        let image = try ImageFile.read(ImageReference(path: Expected.path("rotated.jpg")))
        #expect(image.size == ImageSize(width: 47, height: 61))
        #expect(image.shrunk(toSide: 20).size == ImageSize(width: 15, height: 20))
        #expect(image.shrunk(toSide: 61) == image)
        #expect(image.shrunk(toSide: 1).size == ImageSize(width: 1, height: 1))
    }

    /// Without the mark at its beginning a file is still known by its first element.
    @Test func dataSetsWithoutPreambleAreKnown() throws {
        let whole = try ExpectedFrames.bytes("implicit.dcm")
        #expect(try ImageFormat(of: Array(whole[132...])) == .dicom)
        #expect(try ImageFormat(of: [UInt8](repeating: 0, count: 128) + whole[132...]) == .dicom)
        #expect(throws: ImageProblem.unknownFormat(nil)) {
            try ImageFormat(of: Array("08 is no DICOM file".utf8))
        }
        #expect(throws: ImageProblem.unknownFormat(nil)) {
            try ImageFormat(of: [UInt8](repeating: 0, count: 300))
        }
    }
}
