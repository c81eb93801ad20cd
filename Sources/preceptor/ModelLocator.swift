import Foundation

/// Finds the model that a name or path means.
enum ModelLocator {
    /// The embedded default, fetched by `make demo`.
    static let defaultName = "smollm2-135m"
    private static let defaultFile = "SmolLM2-135M-Instruct.Q4_1.gguf"

    /// - Throws: ``ModelLocatorError`` when the default model has not been fetched.
    static func locate(_ name: String) throws(ModelLocatorError) -> URL {
        guard name == defaultName else { return URL(filePath: name) }
        for folder in folders {
            let file = folder.appending(path: defaultFile)
            if FileManager.default.fileExists(atPath: file.path) { return file }
        }
        throw .defaultMissing(folders.map(\.path))
    }

    /// Where the launcher says, else beside the program.
    private static var folders: [URL] {
        let environment = ProcessInfo.processInfo.environment["PRECEPTOR_MODELS"]
        let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        return [environment.map { URL(filePath: $0) }, program.appending(path: "models")]
            .compactMap { $0 }
    }
}

/// The default model is not there.
enum ModelLocatorError: Error, CustomStringConvertible {
    case defaultMissing([String])

    var description: String {
        switch self {
        case .defaultMissing(let folders):
            "\(ModelLocator.defaultName) is not in \(folders.joined(separator: " or ")): "
                + "run Scripts/bootstrap once, or pass --model with a GGUF file or a folder"
        }
    }
}
