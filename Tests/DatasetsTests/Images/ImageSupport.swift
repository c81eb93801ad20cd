import Datasets
import Foundation
import Records
import Synchronization
import TestSupport
import Testing

/// A scratch folder with these files, each of other content, removed afterwards.
@discardableResult
func withImages<Result>(_ names: [String], _ body: (URL) throws -> Result) throws -> Result {
    let folder = try TestFiles.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in names {
        let url = folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("image \(name)".utf8).write(to: url)
    }
    return try body(folder)
}

/// A record whose images lie in a folder.
func source(_ json: String, in folder: URL) throws -> RecordSource {
    RecordSource(line: 7, columns: try source(json).columns, folder: ImageFolder(folder))
}

/// Why this is no record of the kind; nil when it is one.
func fault<Record: DatasetRecord>(
    of json: String, in folder: URL, as _: Record.Type
) throws -> RecordFault? {
    do {
        _ = try Record(source(json, in: folder))
        return nil
    } catch let fault as RecordFault {
        return fault
    }
}

extension [ImageReference] {
    /// The paths behind a folder's.
    func names(in folder: URL) -> [String] {
        map { String($0.path.dropFirst(folder.path.count + 1)) }
    }
}

/// Sizes of images by the last part of their paths; others are damaged. It counts how often each
/// was asked for.
final class FakeMeasuring: ImageMeasuring {
    private let grids: [String: ImageGrid]
    private let asked = Mutex<[String: Int]>([:])

    init(_ grids: [String: ImageGrid]) { self.grids = grids }

    func grid(of reference: ImageReference) throws(ImageFault) -> ImageGrid {
        let name = reference.path.split(separator: "/").last.map(String.init) ?? ""
        asked.withLock { $0[name, default: 0] += 1 }
        guard let grid = grids[name] else {
            throw ImageFault(path: reference.path, reason: "is truncated")
        }
        return grid
    }

    var questions: [String: Int] { asked.withLock { $0 } }
}

/// `a` takes 2 x 3 tokens, `b` 1 x 2, `c` one.
func seeingEncoding() -> ByteEncoding {
    ByteEncoding(
        measuring: FakeMeasuring([
            "a": ImageGrid(height: 2, width: 3), "b": ImageGrid(height: 1, width: 2),
            "c": ImageGrid(height: 1, width: 1),
        ]))
}

func image(_ path: String) -> ImageReference { ImageReference(path: path) }
