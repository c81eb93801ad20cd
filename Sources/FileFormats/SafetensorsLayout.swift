/// The order and the header of a safetensors file to be written.
struct SafetensorsLayout {
    let tensors: [SafetensorsSource]
    /// The length and the padded JSON.
    let header: [UInt8]

    init(
        _ sources: [SafetensorsSource],
        metadata: [String: String],
        file: String
    ) throws(FormatError) {
        tensors = sources.sorted(by: Self.isBefore)
        var names: Set<String> = ["__metadata__"]
        var entries = metadata.isEmpty ? [] : [Self.entry(metadata)]
        var offset = 0
        for tensor in tensors {
            guard names.insert(tensor.name).inserted else {
                throw FormatError(
                    file: file,
                    item: tensor.name,
                    reason: "the name stands twice or is reserved"
                )
            }
            let end = offset + (try tensor.byteCount(file: file))
            entries.append(Self.entry(tensor, offset, end))
            offset = end
        }
        header = Self.encode("{" + entries.joined(separator: ",") + "}")
    }

    /// By falling element type, which keeps wide elements aligned, then by name.
    private static func isBefore(_ left: SafetensorsSource, _ right: SafetensorsSource) -> Bool {
        left.dtype == right.dtype
            ? left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
            : left.dtype.rank > right.dtype.rank
    }

    private static func entry(_ metadata: [String: String]) -> String {
        let pairs = metadata.sorted { $0.key < $1.key }.map {
            JSONText.quoted($0.key) + ":" + JSONText.quoted($0.value)
        }
        return "\"__metadata__\":{" + pairs.joined(separator: ",") + "}"
    }

    private static func entry(_ tensor: SafetensorsSource, _ begin: Int, _ end: Int) -> String {
        let shape = tensor.shape.map(String.init).joined(separator: ",")
        return JSONText.quoted(tensor.name)
            + ":{\"dtype\":\"\(tensor.dtype.rawValue)\",\"shape\":[\(shape)],"
            + "\"data_offsets\":[\(begin),\(end)]}"
    }

    private static func encode(_ json: String) -> [UInt8] {
        var text = Array(json.utf8)
        text += [UInt8](repeating: UInt8(ascii: " "), count: -text.count & 7)
        return UInt64(text.count).littleEndianBytes + text
    }
}

extension SafetensorsDType {
    /// The place in the order of cases.
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension SafetensorsSource {
    /// What the shape needs.
    func byteCount(file: String) throws(FormatError) -> Int {
        guard !shape.contains(where: { $0 < 0 }),
            let count = ShapeProduct.of(shape + [dtype.byteCount])
        else { throw FormatError(file: file, item: name, reason: "impossible shape \(shape)") }
        return count
    }
}
