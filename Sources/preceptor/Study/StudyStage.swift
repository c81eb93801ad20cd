import FileFormats
import Foundation
import Records

/// One step of a study: a command of this program that works in a folder of its own.
struct StudyStage {
    /// As "C ppo" or "A generation".
    let title: String
    let folder: URL
    /// The subcommand with its words.
    let arguments: [String]
    /// A training can be gone on with; anything else starts again.
    let isTraining: Bool
    /// A hash of everything that decides its result.
    let identity: String

    /// What the command leaves when it has come to its end.
    let result: URL

    var marker: URL { folder.appending(path: "done.json") }
    var progress: URL { folder.appending(path: "stage.json") }
    var log: URL { folder.appending(path: "log.txt") }
}

/// How far a stage is: stage.json while it works, done.json when it is complete.
struct StageRecord: Codable {
    var identity: String
    /// Wall time of all attempts together.
    var seconds = 0.0
    var attempts = 0
    var peakMemoryBytes = 0

    enum CodingKeys: String, CodingKey {
        case identity, seconds, attempts
        case peakMemoryBytes = "peak_memory_bytes"
    }

    /// Nil where the file is not there.
    static func read(_ url: URL) throws(FormatError) -> StageRecord? {
        guard let data = FileManager.default.contents(atPath: url.path) else { return nil }
        do {
            return try JSONDecoder().decode(StageRecord.self, from: data)
        } catch {
            throw FormatError(file: url.path, reason: "is not a stage's record")
        }
    }

    func write(to url: URL) throws {
        try AtomicFile.write(JSONEncoder.pretty.encode(self), to: url)
    }
}

/// Why a study cannot go on.
enum StudyError: Error, CustomStringConvertible {
    case busy(String)
    case changed(stage: String, folder: String)
    case failed(stage: String, how: String, reason: String, log: String)
    case unknownReference(String, in: String)

    var description: String {
        switch self {
        case .busy(let folder): "\(folder): another study is at work there"
        case .changed(let stage, let folder):
            "\(stage) was made with other settings or files than the study has now: take another "
                + "output_dir, or remove \(folder)"
        case .failed(let stage, let how, let reason, let log):
            "\(stage) \(how)" + (reason.isEmpty ? "" : ": \(reason)") + " (\(log)); "
                + "what is done is kept: run the study again when it is mended"
        case .unknownReference(let name, let stage):
            "\(stage): '\(name)' is no model of an earlier stage; say $A, or $C.reward"
        }
    }
}
