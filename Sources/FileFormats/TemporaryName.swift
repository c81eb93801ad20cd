import Foundation

/// Names for what is not finished yet.
enum TemporaryName {
    /// A hidden name in the same folder, hence on the same file system, that nobody else uses.
    static func beside(_ url: URL) -> URL {
        url.deletingLastPathComponent().appending(
            path: ".\(url.lastPathComponent).\(UUID().uuidString).partial"
        )
    }
}
