import Checkpoints
import FileFormats
import Foundation
import Recipes

extension RunSource {
    /// A hash of its files; nil where there is nothing.
    ///
    /// - Throws: ``FormatError`` where a file cannot be read.
    func contentHash() throws(FormatError) -> String? {
        switch self {
        case .adapter(_, let folder):
            folder.isEmpty ? nil : try AdapterFiles.contentHash(of: URL(filePath: folder))
        case .program(_, let command): try Checksums.sha256(of: Self.files(of: command))
        }
    }

    /// The program itself, sought as the shell does, and every file among its arguments: the
    /// script that an interpreter runs, the data that it reads.
    private static func files(of command: [String]) -> [(name: String, url: URL)] {
        command.enumerated().compactMap { place, word in
            let places =
                place > 0 || word.contains("/")
                ? [URL(filePath: word)]
                : searchPath.map { URL(filePath: $0).appending(path: word) }
            let file = places.lazy.map { $0.resolvingSymlinksInPath() }.first(where: isFile)
            return file.map { (name: "\(place) \(word)", url: $0) }
        }
    }

    private static var searchPath: [String] {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    }

    private static func isFile(_ url: URL) -> Bool {
        let type = try? FileManager.default.attributesOfItem(atPath: url.path)[.type]
        return type as? FileAttributeType == .typeRegular
            && FileManager.default.isReadableFile(atPath: url.path)
    }
}
