import FileFormats
import Foundation
import Recipes

/// The files of one training job.
///
///     train.jsonl    the judgements         run/            the trainer's own, see RunFolder
///     heldout.jsonl  of a reward model      run/adapter/    the result
///     recipe.yaml                           result.json     of a reward model
struct JobFolder: Sendable, Hashable {
    let url: URL

    var data: URL { url.appending(path: "train.jsonl") }
    var heldOut: URL { url.appending(path: "heldout.jsonl") }
    var recipe: URL { url.appending(path: "recipe.yaml") }
    var run: RunFolder { RunFolder(url.appending(path: "run")) }
    var result: URL { url.appending(path: "result.json") }

    /// Creates the folder of a job.
    ///
    /// A data folder may outlive its database; what another job of the same number left there
    /// stays as it is.
    static func create(job: Int64, in folder: URL) throws(FormatError) -> JobFolder {
        let jobs = folder.appending(path: "jobs")
        let names = (1...1000).lazy.map { $0 == 1 ? "\(job)" : "\(job)-\($0)" }
        guard
            let name = names.first(where: {
                !FileManager.default.fileExists(atPath: jobs.appending(path: $0).path)
            })
        else { throw FormatError(file: jobs.path, reason: "has no free name for job \(job)") }
        let url = jobs.appending(path: name)
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            let reason = "cannot be created: \(error.localizedDescription)"
            throw FormatError(file: url.path, reason: reason)
        }
        return JobFolder(url: url)
    }
}
