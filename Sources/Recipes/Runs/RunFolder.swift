import Foundation

/// The files of one training run.
///
///     recipe.yaml      as resolved        adapter/          the result, PEFT's format
///     run.json         hashes, versions   checkpoint-N/     to resume from
///     metrics.jsonl    every curve        loss.svg, events.out.tfevents.*
///     reference_logps.json   where the recipe has them computed beforehand
///     completions.jsonl      where the recipe has answers written
public struct RunFolder: Sendable, Hashable {
    public let url: URL

    /// The run in this folder, whether it has begun or not.
    public init(_ url: URL) { self.url = url }

    public var recipe: URL { url.appending(path: "recipe.yaml") }
    public var manifest: URL { url.appending(path: "run.json") }
    public var metrics: URL { url.appending(path: "metrics.jsonl") }
    public var lossPlot: URL { url.appending(path: "loss.svg") }
    public var referenceScores: URL { url.appending(path: "reference_logps.json") }
    public var completions: URL { url.appending(path: "completions.jsonl") }
    public var adapter: URL { url.appending(path: "adapter") }

    /// Whether the run has written its result; its folder appears whole or not at all.
    public var hasAdapter: Bool {
        FileManager.default.fileExists(
            atPath: adapter.appending(path: "adapter_config.json").path)
    }

    private static let checkpointPrefix = "checkpoint-"

    /// The folder of the checkpoint after this many steps.
    public func checkpoint(_ step: Int) -> URL {
        url.appending(path: "\(Self.checkpointPrefix)\(step)")
    }

    /// Whether a run calls a checkpoint so.
    public static func isCheckpoint(_ name: String) -> Bool { name.hasPrefix(checkpointPrefix) }

    /// Steps of the checkpoints that are there, newest first, whether sound or not.
    public var checkpointSteps: [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return names.compactMap { name in
            Self.isCheckpoint(name) ? Int(name.dropFirst(Self.checkpointPrefix.count)) : nil
        }.sorted(by: >)
    }
}
