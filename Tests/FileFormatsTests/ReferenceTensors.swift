import FileFormats
import Foundation

/// The tensors of `reference_tensors` and `sharded_tensors` in `Scripts/reference/formats.py`.
enum ReferenceTensors {
    static var all: [SafetensorsSource] {
        [
            array("weights.bool", .bool, [UInt8]([0, 1, 1])),
            array("weights.u8", .u8, [UInt8]([0, 1, 1])),
            array("weights.i8", .i8, [Int8]([0, 1, 1])),
            array("weights.i16", .i16, [Int16]([0, 1, 1])),
            // 1 in binary16 and in bfloat16.
            array("weights.f16", .f16, [UInt16]([0, 0x3C00, 0x3C00])),
            array("weights.bf16", .bf16, [UInt16]([0, 0x3F80, 0x3F80])),
            array("weights.i32", .i32, [Int32]([0, 1, 1])),
            array("weights.f32", .f32, [Float]([0, 1, 1])),
            array("weights.f64", .f64, [Double]([0, 1, 1])),
            array("weights.i64", .i64, [Int64]([0, 1, 1])),
            array("a \"quoted\"\\\n ü", .f32, [Float(1.5)], shape: [1]),
            scalar,
            array("empty", .f32, [Float](), shape: [0, 4]),
        ]
    }

    static var scalar: SafetensorsSource { array("scalar", .f32, [Float(2.5)], shape: []) }

    static var sharded: [SafetensorsSource] {
        ["b", "c", "a", "d", "e"].enumerated().map { index, name in
            array(name, .f32, (0..<4).map { Float($0 + index) }, shape: [4])
        }
    }

    /// Where files go: the folder in `FORMATS_OUTPUT`, for the check by the Python script.
    static func outputFolder(_ scratch: URL) throws -> URL {
        guard let path = ProcessInfo.processInfo.environment["FORMATS_OUTPUT"] else {
            return scratch
        }
        let url = URL(filePath: path)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    private static func array<Value>(
        _ name: String,
        _ dtype: SafetensorsDType,
        _ values: [Value],
        shape: [Int] = [1, 3]
    ) -> SafetensorsSource {
        SafetensorsSource(name: name, dtype: dtype, shape: shape) { sink in
            try values.withUnsafeBytes { try sink($0) }
        }
    }
}
