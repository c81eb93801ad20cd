import Foundation

/// Where tests find their files.
public enum TestFiles {
    /// The root of the checkout.
    public static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Small committed files, each made by a script in `Scripts/reference`.
    public static let fixtures = root.appending(path: "Tests/Fixtures")

    /// Real data beside the checkout (`../shared/data`); nil where there is none, and the tests
    /// that need it say so as a skip.
    public static let sharedData: URL? = existing(
        root.deletingLastPathComponent().appending(path: "shared/data"))

    /// The default model, fetched by `Scripts/bootstrap`.
    public static let defaultModel: URL? = existing(
        root.appending(path: ".models/SmolLM2-135M-Instruct.Q4_1.gguf"))

    /// A new, empty folder below the system's temporary one.
    public static func scratchFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "preceptor-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private static func existing(_ url: URL) -> URL? {
        FileManager.default.fileExists(atPath: url.path) ? url : nil
    }
}
