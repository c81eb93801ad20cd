import Foundation

extension SafetensorsCollection {
    /// Writes tensors into a folder: `model.safetensors` where they fit into one file, else
    /// `model-00001-of-0000N.safetensors` and an index, as huggingface_hub splits them.
    ///
    /// Shards are filled in the order given; the index comes last. Every file is written
    /// atomically; wrap the call in `AtomicFolder.write` to replace a model as a whole.
    ///
    /// - Parameter maximumShardBytes: Limit of the tensor bytes of a file; a larger tensor gets a
    ///   file of its own.
    public static func write(
        _ tensors: [SafetensorsSource],
        metadata: [String: String] = [:],
        to folder: URL,
        maximumShardBytes: Int = 5_000_000_000
    ) throws(FormatError) {
        let shards = try split(tensors, maximumShardBytes, file: folder.path)
        guard shards.count > 1 else {
            let url = folder.appending(path: singleName)
            return try Safetensors.write(tensors, metadata: metadata, to: url)
        }
        let index = try SafetensorsIndex(shards: shards, file: folder.path)
        for ((name, _), shard) in zip(index.shards, shards) {
            try Safetensors.write(shard, metadata: metadata, to: folder.appending(path: name))
        }
        try index.write(to: folder.appending(path: indexName))
    }

    private static func split(
        _ tensors: [SafetensorsSource],
        _ limit: Int,
        file: String
    ) throws(FormatError) -> [[SafetensorsSource]] {
        var shards: [[SafetensorsSource]] = [[]]
        var size = 0
        for tensor in tensors {
            let count = try tensor.byteCount(file: file)
            if size + count > limit, !shards[shards.count - 1].isEmpty {
                shards.append([])
                size = 0
            }
            shards[shards.count - 1].append(tensor)
            size += count
        }
        return shards
    }
}
