import FileFormats
import Foundation

extension AdapterFiles {
    /// SHA-256 of both files of an adapter's folder.
    ///
    /// - Throws: ``FormatError`` where one cannot be read.
    public static func contentHash(of folder: URL) throws(FormatError) -> String {
        try Checksums.sha256(
            of: [AdapterConfiguration.fileName, weightsName].map {
                (name: $0, url: folder.appending(path: $0))
            })
    }
}
