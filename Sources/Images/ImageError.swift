/// Why an image could not be read, processed or written, and which.
package struct ImageError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file, as it was named.
    package var file: String
    package var problem: ImageProblem

    package init(file: String, problem: ImageProblem) {
        self.file = file
        self.problem = problem
    }

    package var description: String { "\(file): \(problem)" }
}

/// What is wrong, without the name of the file. No text of the file itself is ever part of it.
package enum ImageProblem: Error, Sendable, Equatable {
    case missing
    /// A folder, a pipe or a device.
    case notAFile
    /// The system's reason.
    case unreadable(String)
    case empty
    /// Not one of the formats; the name of another that it seems to be.
    case unknownFormat(String?)
    case truncated(String)
    /// The bytes contradict their format or themselves.
    case corrupt(String)
    /// Well formed, but of a kind that is not read.
    case unsupported(String)
    case tooLarge(String)
    /// A frame that the file does not have; frames count from 0.
    case noFrame(Int, count: Int)
    case outOfMemory
    /// The process that reads DICOM files cannot be started, or ended over this file.
    case reader(String)
    /// A value of `preprocessor_config.json`.
    case setting(key: String, String)
    /// The output is there already.
    case exists
    /// The output is there already, and is not what would be written; a sentence without subject.
    case otherwise(String)
    case unwritable(String)
}

extension ImageProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing: "there is no such file"
        case .notAFile: "is not a file"
        case .unreadable(let reason): "cannot be read: \(reason)"
        case .empty: "is empty"
        case .unknownFormat(let name?): "is \(name); PNG, JPEG, WebP and DICOM are read"
        case .unknownFormat(nil): "is neither PNG, JPEG, WebP nor DICOM"
        case .truncated(let what): "is truncated: \(what)"
        case .corrupt(let what): "is damaged: \(what)"
        case .unsupported(let what): "is not supported: \(what)"
        case .tooLarge(let what): "is too large: \(what)"
        case .noFrame(let frame, 1): "has no frame \(frame), only frame 0"
        case .noFrame(let frame, let count): "has no frame \(frame), only 0 to \(count - 1)"
        case .outOfMemory: "does not fit in memory"
        case .reader(let what): "is not read: \(what)"
        case .setting(let key, let what): "\(key): \(what)"
        case .exists: "is there already"
        case .otherwise(let what): what
        case .unwritable(let reason): "cannot be written: \(reason)"
        }
    }
}

extension ImageProblem {
    /// Runs `body` and names the file in what it throws.
    static func named<Value>(
        _ file: String, _ body: () throws(ImageProblem) -> Value
    ) throws(ImageError) -> Value {
        do {
            return try body()
        } catch {
            throw ImageError(file: file, problem: error)
        }
    }
}
