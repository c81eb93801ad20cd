import Foundation
import Records
import TestSupport
import Testing

@testable import Images

/// Files that lie, end early or are no images.
struct DamagedPictureTests {
    private func problem(
        _ bytes: [UInt8], limits: ImageLimits = .standard
    ) -> ImageProblem? {
        do {
            _ = try ImageFile.read(bytes: bytes, named: "x", limits: limits)
            return nil
        } catch {
            #expect(error.file == "x")
            return error.problem
        }
    }

    @Test func missingEmptyAndOtherThings() throws {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let empty = folder.appending(path: "empty.png").path
        let other = folder.appending(path: "text.png").path
        let pipe = folder.appending(path: "pipe.png").path
        try Data().write(to: URL(filePath: empty))
        try Data("no image".utf8).write(to: URL(filePath: other))
        #expect(mkfifo(pipe, 0o600) == 0)
        let cases: [(String, ImageProblem)] = [
            (folder.appending(path: "none.png").path, .missing),
            (other + "/inside.png", .missing), (folder.path, .notAFile), (pipe, .notAFile),
            (empty, .empty), (other, .unknownFormat(nil)),
        ]
        for (path, problem) in cases {
            let reference = ImageReference(path: path)
            let error = ImageError(file: path, problem: problem)
            #expect(throws: error) { try ImageFile.read(reference) }
            #expect(throws: error) { try ImageFile.size(of: reference) }
            #expect("\(error)".hasPrefix("\(path): "))
        }
    }

    @Test func otherFormatsAreNamed() {
        #expect(problem(Array("GIF89a......".utf8)) == .unknownFormat("a GIF image"))
        #expect(problem(Array("BM......".utf8)) == .unknownFormat("a BMP image"))
        #expect(problem(Array("II*\0....".utf8)) == .unknownFormat("a TIFF image"))
        #expect(problem([]) == .empty)
        #expect(problem([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])?.kind == "truncated")
    }

    /// A file without its last 30 bytes, and every 13th prefix of it.
    @Test(arguments: [
        "colour.png", "colour.jpg", "progressive.jpg", "cmyk.jpg", "alpha.webp",
        "interlaced.png", "palette.png", "animated.webp",
    ])
    func truncatedFilesAreRefused(name: String) throws {
        let data = try Expected.bytes(name)
        let kind = try #require(problem(Array(data.dropLast(30)))).kind
        #expect(kind == "truncated" || name.hasSuffix("webp"), "\(kind)")
        for length in stride(from: 1, to: data.count - 30, by: 13) {
            #expect(problem(Array(data[..<length])) != nil, "\(name), \(length) bytes")
        }
    }

    /// Pillow wants a JPEG's end marker too.
    @Test func aJPEGWithoutItsEndIsTruncated() throws {
        #expect(problem(try Expected.bytes("colour.jpg").dropLast(2))?.kind == "truncated")
    }

    /// 60,000 x 60,000 pixels in 60 bytes.
    @Test func bombsAreRefusedBeforeTheyAreUnpacked() throws {
        var png = try Expected.bytes("pixel.png")
        png.replaceSubrange(16..<24, with: [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60])
        let header = Array(png[12..<29])
        let sum = CRC32.of(header)
        png.replaceSubrange(
            29..<33, with: (0..<4).map { UInt8(truncatingIfNeeded: sum >> (24 - 8 * $0)) })
        #expect(problem(png)?.kind == "tooLarge")

        var jpeg = try Expected.bytes("colour.jpg")
        let frame = try #require(jpeg.indices.first { jpeg[$0...].starts(with: [0xFF, 0xC0]) })
        jpeg.replaceSubrange((frame + 5)..<(frame + 9), with: [0xFF, 0xDC, 0xFF, 0xDC])
        #expect(problem(jpeg)?.kind == "tooLarge")
    }

    @Test func limitsAreTheCallers() throws {
        let data = try Expected.bytes("colour.png")
        // 61 x 47 = 2867 pixels of three bytes.
        #expect(problem(data, limits: ImageLimits(pixels: 2867)) == nil)
        #expect(problem(data, limits: ImageLimits(pixels: 2866))?.kind == "tooLarge")
        #expect(problem(data, limits: ImageLimits(decodedBytes: 8601)) == nil)
        #expect(problem(data, limits: ImageLimits(decodedBytes: 8600))?.kind == "tooLarge")
        let path = Expected.path("colour.png")
        #expect {
            try ImageFile.read(
                ImageReference(path: path), limits: ImageLimits(fileBytes: data.count - 1))
        } throws: {
            ($0 as? ImageError)?.problem.kind == "tooLarge"
        }
    }

    /// A header that speaks of twice as many rows as there are.
    @Test func lyingHeadersAreRefused() throws {
        var jpeg = try Expected.bytes("colour.jpg")
        let frame = try #require(jpeg.indices.first { jpeg[$0...].starts(with: [0xFF, 0xC0]) })
        jpeg.replaceSubrange((frame + 5)..<(frame + 7), with: [0, 94])
        #expect(problem(jpeg)?.kind == "truncated")

        var png = try Expected.bytes("colour.png")
        png[23] = 94
        // The checksum of the header no longer fits.
        #expect(problem(png)?.kind == "corrupt")
        let sum = CRC32.of(Array(png[12..<29]))
        png.replaceSubrange(
            29..<33, with: (0..<4).map { UInt8(truncatingIfNeeded: sum >> (24 - 8 * $0)) })
        #expect(problem(png) != nil)
    }

    /// Any flipped bit is read or refused; the process goes on.
    @Test(arguments: [
        "colour.png", "palette.png", "progressive.jpg", "cmyk.jpg", "alpha.webp",
        "rotated.webp", "rotated.jpg", "rotated-profile.png", "rotated-xmp.png", "interlaced.png",
    ])
    func flippedBitsDoNoHarm(name: String) throws {
        let data = try Expected.bytes(name)
        var read = 0
        let places = Array(stride(from: 0, to: data.count, by: max(1, data.count / 400)))
        for place in places {
            var damaged = data
            damaged[place] ^= 1 << (place % 8)
            if problem(damaged, limits: ImageLimits(pixels: 1_000_000)) == nil { read += 1 }
        }
        // The signature at least is never read past.
        #expect(read < places.count)
    }
}
