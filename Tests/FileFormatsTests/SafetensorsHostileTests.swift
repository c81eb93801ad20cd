import FileFormats
import Foundation
import TestSupport
import Testing

/// Headers that lie: each one gives an error that names the tensor and the reason.
struct SafetensorsHostileTests {
    let folder: URL

    init() throws { folder = try TestFiles.scratchFolder() }

    private func expectFailure(
        _ header: String,
        length: UInt64? = nil,
        data: Int = 8,
        item: String?,
        _ reason: String,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let url = folder.appending(path: "hostile.safetensors")
        let length = length ?? UInt64(header.utf8.count)
        var bytes = withUnsafeBytes(of: length.littleEndian) { Data($0) }
        bytes += Data(header.utf8) + Data(count: data)
        try bytes.write(to: url)
        let error = #expect(throws: FormatError.self, sourceLocation: location) {
            _ = try Safetensors(url: url)
        }
        #expect(error?.item == item, sourceLocation: location)
        #expect(
            error?.reason.contains(reason) == true,
            "\(String(describing: error))",
            sourceLocation: location
        )
    }

    /// A header with one entry, "t".
    private func entry(
        dtype: String = "\"F32\"",
        shape: String = "[2]",
        offsets: String = "[0,8]"
    ) -> String {
        "{\"t\":{\"dtype\":\(dtype),\"shape\":\(shape),\"data_offsets\":\(offsets)}}"
    }

    @Test func header() throws {
        try expectFailure("", length: 1 << 60, item: "header", "more than 100000000")
        try expectFailure("", length: .max, item: "header", "more than 100000000")
        try expectFailure("{}", length: 1000, item: "header", "outside")
        try expectFailure("[]", item: "header", "not a JSON object")
        try expectFailure("{\"t\":", item: "line 1", "too early")
        try expectFailure("{}", data: 8, item: nil, "8 bytes behind the last tensor")
        try expectFailure(entry() + "x", item: "line 1", "more text")
        let twice = entry().dropLast() + "," + entry().dropFirst()
        try expectFailure(String(twice), item: "line 1", "twice")
        try expectFailure(
            String(repeating: "{\"a\":", count: 100_000),
            item: "line 1",
            "nested deeper"
        )
        try expectFailure("{\"__metadata__\":{\"a\":1}}", item: "__metadata__", "texts")
        try expectFailure("{\"__metadata__\":[]}", item: "__metadata__", "texts")
    }

    @Test func entries() throws {
        try expectFailure("{\"t\":1}", item: "t", "no dtype")
        try expectFailure(entry(dtype: "\"F8\""), item: "t", "dtype F8 is not supported")
        try expectFailure(entry(dtype: "4"), item: "t", "no dtype")
        try expectFailure(entry(shape: "[-2]"), item: "t", "no shape")
        try expectFailure(entry(shape: "[2.5]"), item: "t", "no shape")
        try expectFailure(entry(shape: "2"), item: "t", "no shape")
        try expectFailure(entry(shape: "[3]"), item: "t", "has 8 bytes, its shape needs 12")
        let huge = "[4294967296,4294967296]"
        try expectFailure(entry(shape: huge), item: "t", "too large")
        try expectFailure(entry(shape: "[0," + huge.dropFirst()), item: "t", "8 bytes")
        try expectFailure(entry(offsets: "[8,0]"), item: "t", "data_offsets")
        try expectFailure(entry(offsets: "[0]"), item: "t", "data_offsets")
        try expectFailure(
            entry(offsets: "[9223372036854775799,9223372036854775807]"),
            item: "t",
            "too large"
        )
    }

    @Test func ranges() throws {
        let end = "9223372036854775807"
        let largest = entry(dtype: "\"U8\"", shape: "[\(end)]", offsets: "[0,\(end)]")
        try expectFailure(largest, item: "t", "too large")
        try expectFailure(entry(), data: 7, item: "t", "behind the file")
        try expectFailure(entry(), data: 9, item: nil, "1 bytes behind")
        try expectFailure(entry(offsets: "[4,12]"), data: 12, item: "t", "hole")
        let overlapping = entry().dropLast() + ",\"u\":" + entry(offsets: "[4,12]").dropFirst(5)
        try expectFailure(String(overlapping), data: 12, item: "u", "overlaps")
    }
}
