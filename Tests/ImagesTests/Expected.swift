import Foundation
import Records
import TestSupport

@testable import Images

/// What `Scripts/reference/images.py` and `dicom.py` wrote.
struct Expected: Decodable {
    var files: [String: Picture]
    var resizes: [Resize]
    var orientations: [String: Picture]
    var shared: [String: Picture]

    struct Picture: Decodable {
        var size: [Int]
        var crc: UInt32
        var processors: [String: Output]?
    }

    struct Output: Decodable {
        var shape: [Int]?
        var crc: UInt32?
        var probes: [Float]?
        /// Of patches in time, down and across.
        var grid: [Int]?
        /// Because of its shape.
        var refused: Bool?
    }

    struct Resize: Decodable {
        var file: String
        var size: [Int]
        var filter: Int
        var crc: UInt32
    }

    static let folder = TestFiles.fixtures.appending(path: "images")

    static func load() throws -> Expected {
        try JSONDecoder().decode(
            Expected.self, from: Data(contentsOf: folder.appending(path: "expected.json")))
    }

    static func path(_ name: String) -> String { folder.appending(path: name).path }

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    static func processor(_ name: String) throws -> ImageProcessor {
        try ImageProcessor(folder: folder.appending(path: "processors/\(name)"))
    }
}

struct ExpectedFrames: Decodable {
    var planted: [String]
    var files: [String: [Frame]]
    var shared: [String: [Frame]]

    struct Frame: Decodable {
        var frame: Int
        /// Center and width.
        var window: [Double]?
        var size: [Int]
        var crc: UInt32
        var mean: Double
        var probes: [Int]
    }

    static let folder = TestFiles.fixtures.appending(path: "dicom")

    static func load() throws -> ExpectedFrames {
        try JSONDecoder().decode(
            ExpectedFrames.self, from: Data(contentsOf: folder.appending(path: "expected.json")))
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }
}

/// CRC-32 as zlib's.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in
            value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
        }
    }

    static func of(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
    }

    static func of(_ values: [Float]) -> UInt32 {
        of(values.withUnsafeBytes { Array($0) })
    }
}

/// `count` places from the first value to the last, as NumPy's linspace cuts them off.
func places(_ count: Int, in total: Int) -> [Int] {
    let step = Double(total - 1) / Double(count - 1)
    return (0..<count).map { place in
        place == count - 1 ? total - 1 : Int(Double(place) * step)
    }
}

extension ImageProblem {
    /// Its case, without what it says.
    var kind: String { String("\(Mirror(reflecting: self).children.first?.label ?? "\(self)")") }
}
