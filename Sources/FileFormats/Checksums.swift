import Crypto
import Foundation
import Records

/// SHA-256 of files, and the manifest that says whether a folder is as it was written.
public enum Checksums {
    /// The name of the manifest in its folder.
    public static let manifestName = "checksums.json"

    /// The SHA-256 of a file as 64 lower-case hexadecimal digits.
    public static func sha256(of url: URL) throws(FormatError) -> String {
        let file = try MappedFile(url: url)
        return sha256(of: file.bytes)
    }

    /// The SHA-256 of bytes as 64 lower-case hexadecimal digits.
    public static func sha256(of bytes: UnsafeRawBufferPointer) -> String {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        return hash.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
            .joined()
    }

    /// The SHA-256 of a text's UTF-8 as 64 lower-case hexadecimal digits.
    public static func sha256(of text: String) -> String {
        var text = text
        return text.withUTF8 { sha256(of: UnsafeRawBufferPointer($0)) }
    }

    /// One SHA-256 of several files, of their names and contents in the order of the names; each is
    /// read once.
    public static func sha256(of files: [(name: String, url: URL)]) throws(FormatError) -> String {
        var lines: [(name: String, digest: String)] = []
        for (name, url) in files { lines.append((name, try sha256(of: url))) }
        return sha256(of: lines)
    }

    /// The SHA-256 of what an image's file holds, whatever is shown of it.
    public static func sha256(of image: ImageReference) throws(FormatError) -> String {
        if let embedded = image.embedded { return embedded.sha256 }
        return try sha256(of: URL(filePath: image.path))
    }

    /// One SHA-256 of several images, of their paths and contents in the order of the paths; each
    /// file is read once.
    public static func sha256(
        ofImages images: some Sequence<ImageReference>
    ) throws(FormatError) -> String {
        var lines: [Place: String] = [:]
        for image in images {
            let place = Place(path: image.path, embedded: image.embedded)
            if lines[place] == nil { lines[place] = try sha256(of: image) }
        }
        return sha256(of: lines.map { ($0.key.path, $0.value) })
    }

    private struct Place: Hashable {
        let path: String
        let embedded: EmbeddedImage?
    }

    private static func sha256(of lines: [(name: String, digest: String)]) -> String {
        var text = lines.sorted { ($0.name, $0.digest) < ($1.name, $1.digest) }
            .map { "\($0.name) \($0.digest)\n" }.joined()
        return text.withUTF8 { sha256(of: UnsafeRawBufferPointer($0)) }
    }

    /// Writes `checksums.json` into a folder: the SHA-256 of every file in and below it.
    public static func writeManifest(folder: URL) throws(FormatError) {
        let url = folder.appending(path: manifestName)
        var digests: [String: String] = [:]
        for path in try FolderListing.regularFiles(below: folder) where path != manifestName {
            digests[path] = try sha256(of: folder.appending(path: path))
        }
        do {
            try AtomicFile.write(
                try JSONEncoder.pretty.encode(Manifest(sha256: digests)), to: url)
        } catch {
            throw .wrapping(error, file: url.path)
        }
    }

    /// Compares every file of a folder's manifest with its checksum.
    ///
    /// - Throws: `FormatError` with the first file that is missing or differs, or with the
    ///   manifest where that is missing or damaged. Files it does not list are not looked at.
    public static func verify(folder: URL) throws(FormatError) {
        for (path, digest) in try manifest(folder).sorted(by: { $0.key < $1.key }) {
            let url = folder.appending(path: path)
            guard try sha256(of: url) == digest else {
                throw FormatError(file: url.path, reason: "does not match its checksum")
            }
        }
    }

    private struct Manifest: Encodable {
        let sha256: [String: String]
    }

    private static func manifest(_ folder: URL) throws(FormatError) -> [String: String] {
        let url = folder.appending(path: manifestName)
        guard let entries = try JSONDocument.read(url)["sha256"]?.object else {
            throw FormatError(file: url.path, reason: "has no object \"sha256\"")
        }
        var digests: [String: String] = [:]
        for (path, digest) in entries {
            guard let digest = digest.string, !path.hasPrefix("/"),
                !path.split(separator: "/").contains("..")
            else { throw FormatError(file: url.path, item: path, reason: "is not a checksum") }
            digests[path] = digest
        }
        return digests
    }
}
