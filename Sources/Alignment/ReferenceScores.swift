import Datasets
import FileFormats
import Foundation
import Generation
import Torch

/// What the reference policy gives each completion, computed once: a completion's numbers do not
/// depend on the batch they were computed in.
final class ReferenceScores {
    private let policy: ReferencePolicy
    private let model: LanguageModel
    private let budget: Int
    private var known: [PromptGroup: [Double]] = [:]

    /// - Parameter budget: tokens that go through the model together.
    init(_ policy: ReferencePolicy, model: LanguageModel, budget: Int) {
        self.policy = policy
        self.model = model
        self.budget = max(budget, 1)
    }

    /// Summed log-probabilities of each group's completions.
    ///
    /// - Throws: ``ImageFault`` when an image can no longer be read.
    func sums(of groups: [PromptGroup]) throws -> [[Double]] {
        try compute(groups)
        return groups.map { known[$0] ?? [] }
    }

    /// Scores all groups, or reads what an earlier start of the same run wrote.
    ///
    /// - Throws: ``FormatError`` where the file does not fit the groups or cannot be written.
    func precompute(_ groups: [PromptGroup], file: URL) throws {
        if FileManager.default.fileExists(atPath: file.path) {
            let sums = try StateCoding.value([[Double]].self, from: Data(contentsOf: file))
            guard sums.map(\.count) == groups.map(\.completions.count) else {
                throw TrainingError.resumedDifferently(
                    run: file.deletingLastPathComponent().path, what: [file.lastPathComponent])
            }
            known.merge(zip(groups, sums)) { _, new in new }
        } else {
            try AtomicFile.write(StateCoding.data(of: try sums(of: groups)), to: file)
        }
    }

    /// Scores those that are not known yet.
    private func compute(_ groups: [PromptGroup]) throws {
        let missing = groups.filter { known[$0] == nil }
        for batch in missing.chunks(ofTokens: budget, count: \.tokenCount) {
            let sums = try withInference {
                try policy.run(on: model) { try model.sums(of: batch).values(Double.self) }
            }
            var rest = sums[...]
            for group in batch {
                known[group] = Array(rest.prefix(group.completions.count))
                rest = rest.dropFirst(group.completions.count)
            }
        }
    }
}
