import Foundation
import Records
import TestSupport
import Testing

@testable import Images

/// DICOM files that lie or end early.
struct DamagedDicomTests {
    private func problem(_ bytes: [UInt8], limits: ImageLimits = .standard) -> ImageProblem? {
        do {
            _ = try ImageFile.read(bytes: bytes, named: "x", limits: limits)
            return nil
        } catch {
            return error.problem
        }
    }

    /// The file with another 16-bit value of an attribute of group 0028, explicit little endian.
    private func changed(_ bytes: [UInt8], _ element: Int, to value: Int) throws -> [UInt8] {
        let header: [UInt8] =
            [0x28, 0x00, UInt8(element & 0xFF), UInt8(element >> 8)] + Array("US".utf8)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: header) })
        var bytes = bytes
        bytes[place + 8] = UInt8(value & 0xFF)
        bytes[place + 9] = UInt8(value >> 8)
        return bytes
    }

    @Test(arguments: [
        "signed.dcm", "implicit.dcm", "frames-rle.dcm", "j2k-rgb.dcm",
        "lossless-twelve.dcm", "jpegls-rgb.dcm", "jpeg-colour.dcm", "enhanced.dcm",
    ])
    func everyPrefixIsRefused(name: String) throws {
        let data = try ExpectedFrames.bytes(name)
        for length in stride(from: 0, to: data.count - 8, by: 7) {
            let found = problem(Array(data[..<length]))
            #expect(found != nil, "\(name), \(length) bytes")
        }
        #expect(problem(data.dropLast(20))?.kind == "truncated", "\(name)")
    }

    /// Rows, columns, samples and bits other than those of the pixels.
    @Test(arguments: [
        "signed.dcm", "rgb.dcm", "frames-rle.dcm", "j2k-twelve.dcm",
        "lossless-rgb.dcm", "jpegls-eight.dcm", "jpeg-grey.dcm",
    ])
    func lyingHeadersAreRefused(name: String) throws {
        let data = try ExpectedFrames.bytes(name)
        for (element, value) in [
            (0x10, 90), (0x11, 90), (0x10, 0), (0x02, 2), (0x02, 4), (0x101, 17),
            (0x101, 0), (0x102, 99), (0x100, 12), (0x100, 32),
        ] {
            #expect(
                problem(try changed(data, element, to: value)) != nil,
                "\(name), \(element) = \(value)")
        }
        // 65535 x 65535 values of an image of a few hundred.
        let bomb = try changed(changed(data, 0x10, to: 65_535), 0x11, to: 65_535)
        #expect(problem(bomb)?.kind == "tooLarge", "\(name)")
    }

    /// More bytes than the header speaks of are told, fewer refused.
    @Test func missingRowsAreNoticed() throws {
        let data = try ExpectedFrames.bytes("signed.dcm")
        let path = try TestFiles.scratchFolder().appending(path: "rows.dcm")
        try Data(changed(data, 0x10, to: 19)).write(to: path)
        let ignored = try #require(ImageFile.show(path.path).dicom).ignored
        #expect(ignored.contains("pixel data of 1040 bytes; the header speaks of 988"))
        #expect(problem(try changed(data, 0x10, to: 21))?.kind == "truncated")
    }

    @Test func strangeTransferSyntaxesAreNamed() throws {
        var data = try ExpectedFrames.bytes("j2k-rgb.dcm")
        let name = Array("1.2.840.10008.1.2.4.90".utf8)
        let place = try #require(data.indices.first { data[$0...].starts(with: name) })
        data[place + 20] = UInt8(ascii: "9")
        data[place + 21] = UInt8(ascii: "9")
        #expect(problem(data) == .unsupported("transfer syntax 1.2.840.10008.1.2.4.99"))
        data[place + 21] = UInt8(ascii: "x")
        #expect(problem(data) == .unsupported("transfer syntax that is no UID"))
    }

    /// A sequence within a sequence, and so on, ends the worker; an element that claims four
    /// gibibytes does not; after both another file is read.
    @Test func structuresAreBounded() throws {
        let start = try ExpectedFrames.bytes("signed.dcm")
        // The meta information's length stands in its first element.
        let meta = 144 + Int(try #require(ByteReader(bytes: start).u32(140)))
        let head = Array(start[..<meta])
        let sequence: [UInt8] = [0x08, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
        let item: [UInt8] = [0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]
        let deep = head + (0..<100_000).flatMap { _ in sequence + item }
        #expect(problem(deep)?.kind == "reader")
        let long: [UInt8] = [0x08, 0, 0x00, 0x20, 0x55, 0x54, 0, 0, 0xF0, 0xFF, 0xFF, 0xFF]
        #expect(problem(head + long + [1, 2, 3])?.kind == "truncated")
        #expect(problem(head)?.kind == "corrupt")
        #expect(problem(start) == nil)
    }

    /// Any flipped bit is read or refused; the process goes on.
    @Test func flippedBitsDoNoHarm() throws {
        for name in try ExpectedFrames.load().files.keys.sorted() {
            let data = try ExpectedFrames.bytes(name)
            for place in stride(from: 132, to: data.count, by: 5) {
                var damaged = data
                damaged[place] ^= 1 << ((place / 5) % 8)
                _ = problem(damaged, limits: ImageLimits(pixels: 1_000_000))
            }
            #expect(problem(data) == nil, "\(name)")
        }
    }
}
