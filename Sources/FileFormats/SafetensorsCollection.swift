import Foundation
import Records

/// The tensors of a model: one safetensors file, or the shards that an index lists.
public struct SafetensorsCollection: Sendable {
    /// The name of a model's file where it is only one.
    public static let singleName = "model.safetensors"
    /// The name of the index of a sharded model.
    public static let indexName = "model.safetensors.index.json"

    /// The files that hold the tensors, each once.
    public let files: [Safetensors]
    /// All tensor names, sorted.
    public let names: [String]

    private let places: [String: Int]

    /// Opens a safetensors file, or a folder with `model.safetensors` or
    /// `model.safetensors.index.json`.
    ///
    /// - Throws: `FormatError` where a file is damaged, a shard of the index is missing, or a
    ///   tensor is not in the shard that the index says.
    public init(url: URL) throws(FormatError) {
        let index = url.appending(path: Self.indexName)
        if !FolderListing.isFolder(url) {
            try self.init(single: url)
        } else if FolderListing.exists(url.appending(path: Self.singleName)) {
            try self.init(single: url.appending(path: Self.singleName))
        } else if FolderListing.exists(index) {
            try self.init(index: index)
        } else {
            throw FormatError(
                file: url.path,
                reason: "has neither \(Self.singleName) nor \(Self.indexName)"
            )
        }
    }

    /// The metadata of the first file.
    public var metadata: [String: String] { files.first?.metadata ?? [:] }

    /// The tensor of that name, if there is one.
    public subscript(name: String) -> SafetensorsTensor? {
        places[name].flatMap { files[$0][name] }
    }

    /// The bytes of a tensor, valid as long as `files` live; not necessarily aligned.
    ///
    /// - Throws: `FormatError` where there is no tensor of that name.
    public func bytes(of name: String) throws(FormatError) -> UnsafeRawBufferPointer {
        guard let place = places[name], let tensor = files[place][name] else {
            throw FormatError(
                file: files.first?.file.path ?? "",
                item: name,
                reason: "there is no such tensor"
            )
        }
        return try files[place].bytes(of: tensor)
    }

    /// The mapped file that a tensor is in.
    public func file(of name: String) -> MappedFile? { places[name].map { files[$0].file } }

    private init(single url: URL) throws(FormatError) {
        let file = try Safetensors(url: url)
        self.init(files: [file], places: file.tensors.map { ($0.name, 0) })
    }

    private init(index url: URL) throws(FormatError) {
        let shards = try SafetensorsIndex(url: url).shards
        var files: [Safetensors] = []
        var places: [(String, Int)] = []
        for (shard, names) in shards {
            let file = try Safetensors(
                url: url.deletingLastPathComponent().appending(path: shard)
            )
            for name in names where file[name] == nil {
                throw FormatError(
                    file: file.file.path,
                    item: name,
                    reason: "the tensor is missing, though \(url.lastPathComponent) lists it here"
                )
            }
            places += names.map { ($0, files.count) }
            files.append(file)
        }
        self.init(files: files, places: places)
    }

    private init(files: [Safetensors], places: [(String, Int)]) {
        self.files = files
        self.places = Dictionary(uniqueKeysWithValues: places)
        names = places.map(\.0).sorted()
    }
}
