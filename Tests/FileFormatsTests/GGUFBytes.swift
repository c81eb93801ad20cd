import Foundation

/// The bytes of a GGUF file, written piece by piece so that tests can lie in every one of them.
struct GGUFBytes {
    var bytes: [UInt8] = []

    init(magic: String = "GGUF", version: UInt32 = 3, tensors: UInt64 = 0, keys: UInt64 = 0) {
        bytes += Array(magic.utf8)
        add(version)
        add(tensors)
        add(keys)
    }

    mutating func add(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes += Array($0) }
    }

    mutating func add(_ text: String) {
        add(UInt64(text.utf8.count))
        bytes += Array(text.utf8)
    }

    /// A key and the type of its value; the value follows.
    mutating func addKey(_ key: String, type: UInt32) {
        add(key)
        add(type)
    }

    mutating func addTensor(
        _ name: String,
        dimensions: [UInt64],
        type: UInt32,
        offset: UInt64
    ) {
        add(name)
        add(UInt32(dimensions.count))
        for dimension in dimensions { add(dimension) }
        add(type)
        add(offset)
    }

    mutating func pad(to alignment: Int) {
        while bytes.count % alignment != 0 { bytes.append(0) }
    }

    func write(_ folder: URL, _ name: String = "test.gguf") throws -> URL {
        let url = folder.appending(path: name)
        try Data(bytes).write(to: url)
        return url
    }

    /// Two keys and two tensors, with alignment 8: `a` is f32 [2, 3] and `b` one block of Q8_0.
    static func small() -> GGUFBytes {
        var file = GGUFBytes(tensors: 2, keys: 2)
        file.addKey("general.alignment", type: 4)
        file.add(UInt32(8))
        file.addKey("list", type: 9)
        file.add(UInt32(8))
        file.add(UInt64(2))
        file.add("x")
        file.add("yz")
        file.addTensor("a", dimensions: [3, 2], type: 0, offset: 0)
        file.addTensor("b", dimensions: [32], type: 8, offset: 24)
        file.pad(to: 8)
        for value in 0..<6 { file.add(Float(value).bitPattern) }
        file.add(UInt16(0x3C00))
        for value in 0..<32 { file.add(Int8(value - 16)) }
        return file
    }
}
