import FileFormats
import Foundation

extension LanguageModel {
    /// SHA-256 of the model's file, or of its folder's weights and configuration.
    public func contentHash() throws(FormatError) -> String {
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: origin.path, isDirectory: &isFolder)
        guard isFolder.boolValue else { return try Checksums.sha256(of: origin) }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: origin.path)) ?? []
        var digests = ""
        for name in names.sorted() where name.hasSuffix(".safetensors") || name == "config.json" {
            digests += try "\(name) \(Checksums.sha256(of: origin.appending(path: name)))\n"
        }
        return digests.withCString { text in
            Checksums.sha256(of: UnsafeRawBufferPointer(start: text, count: digests.utf8.count))
        }
    }
}
