import Foundation
import Records

/// The index of a sharded model: which file holds which tensor.
struct SafetensorsIndex {
    /// By name of the shard; tensor names sorted.
    let shards: [(shard: String, names: [String])]
    private var totalSize = 0

    /// Reads an index.
    init(url: URL) throws(FormatError) {
        guard let map = try JSONDocument.read(url)["weight_map"]?.object, !map.isEmpty else {
            throw FormatError(file: url.path, reason: "has no object \"weight_map\"")
        }
        var names: [String: [String]] = [:]
        for (name, shard) in map {
            guard let shard = shard.string, Self.isFileName(shard) else {
                throw FormatError(
                    file: url.path,
                    item: name,
                    reason: "its shard is not the name of a file"
                )
            }
            names[shard, default: []].append(name)
        }
        shards = names.sorted { $0.key < $1.key }.map { ($0.key, $0.value.sorted()) }
    }

    /// Names shards as huggingface_hub does.
    init(shards: [[SafetensorsSource]], file: String) throws(FormatError) {
        let digits = { (number: Int) in
            String(repeating: "0", count: max(0, 5 - String(number).count)) + String(number)
        }
        self.shards = shards.enumerated().map { index, tensors in
            (
                "model-\(digits(index + 1))-of-\(digits(shards.count)).safetensors",
                tensors.map(\.name)
            )
        }
        for tensor in shards.joined() { totalSize += try tensor.byteCount(file: file) }
        try checkNames(file: file)
    }

    func write(to url: URL) throws(FormatError) {
        var map: [String: JSONValue] = [:]
        for (shard, names) in shards {
            for name in names { map[name] = .string(shard) }
        }
        let index: JSONValue = .object([
            "metadata": .object(["total_size": .integer(totalSize)]), "weight_map": .object(map),
        ])
        do {
            try AtomicFile.write(try JSONEncoder.pretty.encode(index), to: url)
        } catch {
            throw .wrapping(error, file: url.path)
        }
    }

    private func checkNames(file: String) throws(FormatError) {
        var seen: Set<String> = []
        for name in shards.flatMap(\.names) where !seen.insert(name).inserted {
            throw FormatError(file: file, item: name, reason: "the name stands twice")
        }
    }

    /// A shard lies beside its index, nowhere else.
    private static func isFileName(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && !name.contains("/")
    }
}
