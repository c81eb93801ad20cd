import Datasets
import Generation
import Layers
import Records
import Torch

extension ModelService {
    /// Adds the log-probabilities of an item's completions; its prompt is computed once.
    ///
    /// - Throws: ``RecordFault``, ``AdapterError``, or ``ScoringError`` where a number is not
    ///   finite.
    func add(
        _ item: EngineScore.Item, to scores: inout EngineScores, adapter folder: String?
    ) throws {
        let group = try model.encoding.group(
            item.prompt, completions: item.completions, images: item.images)
        scores.logProbabilities.append(try sums(of: group, with: adapter(folder)))
        scores.tokens.append(group.completions.map(\.count))
    }

    /// log p of each completion under an adapter, nil for the base model.
    ///
    /// - Throws: ``ImageFault``, or ``ScoringError/notFinite(record:)`` for the first completion
    ///   whose log p is infinite or no number.
    func sums(of group: PromptGroup, with name: AdapterName?) throws -> [Double] {
        let sums = try withInference {
            try model.decoder.adapters.with(name) {
                try model.sums(of: [group]).values(Double.self)
            }
        }
        if let place = sums.firstIndex(where: { !$0.isFinite }) {
            throw ScoringError.notFinite(record: "completion \(place + 1)")
        }
        return sums
    }
}
