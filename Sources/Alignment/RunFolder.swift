import Foundation

/// The files of one training run.
///
///     recipe.yaml      as resolved        adapter/          the result, PEFT's format
///     run.json         hashes, versions   checkpoint-N/     to resume from
///     metrics.jsonl    every curve        loss.svg, events.out.tfevents.*
///     reference_logps.json   where the recipe has them computed beforehand
public struct RunFolder: Sendable {
    public let url: URL

    public init(_ url: URL) { self.url = url }

    public var recipe: URL { url.appending(path: "recipe.yaml") }
    public var manifest: URL { url.appending(path: "run.json") }
    public var metrics: URL { url.appending(path: "metrics.jsonl") }
    public var lossPlot: URL { url.appending(path: "loss.svg") }
    var referenceScores: URL { url.appending(path: "reference_logps.json") }
    public var adapter: URL { url.appending(path: "adapter") }

    public func checkpoint(_ step: Int) -> URL { url.appending(path: "checkpoint-\(step)") }

    /// Creates the folder for a new run, or opens it to resume.
    ///
    /// - Throws: ``TrainingError/runExists(_:)`` rather than mixing two runs, or
    ///   ``TrainingError/nothingToResume(_:)``.
    func open(resuming: Bool) throws {
        let exists = FileManager.default.fileExists(atPath: manifest.path)
        if exists, !resuming { throw TrainingError.runExists(url.path) }
        if !exists, resuming { throw TrainingError.nothingToResume(url.path) }
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        removeUnfinished()
    }

    /// Removes what a killed process had begun to write.
    private func removeUnfinished() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        for name in names where name.hasPrefix(".") && name.hasSuffix(".partial") {
            try? FileManager.default.removeItem(at: url.appending(path: name))
        }
    }

    /// Steps of the checkpoints that are there, newest first, whether sound or not.
    var checkpointSteps: [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return names.compactMap { name in
            name.hasPrefix("checkpoint-") ? Int(name.dropFirst("checkpoint-".count)) : nil
        }.sorted(by: >)
    }
}
