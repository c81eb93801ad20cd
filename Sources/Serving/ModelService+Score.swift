import Datasets
import Generation
import Layers
import Records
import Torch

extension ModelService {
    /// Log-probabilities of completions, each item's prompt computed once; nil when cancelled.
    ///
    /// - Throws: ``RecordFault``, ``AdapterError``, or ``ScoringError`` where a number is not
    ///   finite.
    func scores(_ score: EngineScore, isCancelled: () -> Bool) throws -> EngineScores? {
        let name = try adapter(score.adapter)
        var result = EngineScores(logProbabilities: [], tokens: [])
        for item in score.items {
            if isCancelled() { return nil }
            let group = try model.encoding.group(
                item.prompt, completions: item.completions, images: item.images)
            result.logProbabilities.append(try sums(of: group, with: name))
            result.tokens.append(group.completions.map(\.count))
        }
        return result
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
