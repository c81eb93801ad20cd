import Foundation
import Records

/// A language model at work elsewhere.
package protocol Engine: Sendable {
    /// Asks for something to be computed.
    ///
    /// Ends after `done`; throws an `EngineError` and nothing else. Dropping the stream, or
    /// cancelling the task that reads it, cancels the request.
    func events(
        _ operation: EngineRequest.Operation
    ) async -> AsyncThrowingStream<EngineReply, any Error>
}

extension Engine {
    /// Draws answers.
    ///
    /// - Parameter token: is told text as it comes, with the answer it belongs to.
    package func sample(
        _ request: EngineSample,
        token: @Sendable (_ index: Int, _ text: String) async -> Void = { _, _ in }
    ) async throws(EngineError) -> [EngineCompletion] {
        var completions: [EngineCompletion] = []
        try await each(of: .sample(request)) { reply in
            switch reply {
            case .token(let index, let text): await token(index, text)
            case .completion(let completion): completions.append(completion)
            default: break
            }
        }
        guard completions.count == request.count else {
            let reason = "\(completions.count) completions of \(request.count)"
            throw .garbled(reason: reason)
        }
        return completions.sorted { $0.index < $1.index }
    }

    /// The mathematics of a ranking.
    package func judge(_ request: EngineJudge) async throws(EngineError) -> EngineJudgement {
        var judgement: EngineJudgement?
        try await each(of: .judge(request)) { reply in
            if case .judgement(let value) = reply { judgement = value }
        }
        guard let judgement else { throw .garbled(reason: "no judgement") }
        let count = request.completions.count
        let arrays = [
            judgement.logPolicy, judgement.logReference, judgement.implicitRewards,
            judgement.groupRewards, judgement.advantages,
        ]
        let places = 0..<count
        guard arrays.allSatisfy({ $0.count == count }), judgement.tokens.count == count,
            judgement.pairs.allSatisfy({
                places.contains($0.chosen) && places.contains($0.rejected)
            })
        else { throw .garbled(reason: "a judgement of another number of completions") }
        return judgement
    }

    /// Log-probabilities of completions.
    package func score(_ request: EngineScore) async throws(EngineError) -> EngineScores {
        var scores: EngineScores?
        try await each(of: .score(request)) { reply in
            if case .scores(let value) = reply { scores = value }
        }
        guard let scores else { throw .garbled(reason: "no scores") }
        let counts = request.items.map(\.completions.count)
        guard scores.logProbabilities.map(\.count) == counts, scores.tokens.map(\.count) == counts
        else { throw .garbled(reason: "scores of another number of completions") }
        return scores
    }

    /// Where in an image the model looked, as PNG.
    package func explain(_ request: EngineExplain) async throws(EngineError) -> Data {
        var overlay: EngineOverlay?
        try await each(of: .explain(request)) { reply in
            if case .overlay(let value) = reply { overlay = value }
        }
        guard let overlay else { throw .garbled(reason: "no overlay") }
        return overlay.png
    }

    private func each(
        of operation: EngineRequest.Operation, _ body: (EngineReply) async -> Void
    ) async throws(EngineError) {
        do {
            for try await reply in await events(operation) { await body(reply) }
        } catch {
            throw EngineError(error)
        }
        // A stream that is read by a cancelled task ends as if all had come.
        if Task.isCancelled { throw .cancelled }
    }
}
