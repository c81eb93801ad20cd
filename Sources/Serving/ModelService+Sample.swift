import Generation
import Records

extension ModelService {
    /// Draws the answers, telling every piece of text as it appears.
    ///
    /// - Throws: ``GenerationError``, ``AdapterError``, or ``RecordFault`` where the chat template
    ///   refuses the prompt or an image cannot be used.
    func answer(
        _ sample: EngineSample, isCancelled: () -> Bool, reply: (EngineReply) -> Void
    ) throws {
        let settings = SamplingSettings(
            temperature: sample.temperature, topK: sample.topK, topP: sample.topP,
            repetitionPenalty: sample.repetitionPenalty, maximumTokens: sample.maxTokens,
            seed: sample.seed)
        let engine = try GenerationEngine(model, settings, width: max(1, min(sample.count, 16)))
        let request = try model.request(
            .messages(sample.prompt), images: sample.images, samples: max(1, sample.count))
        let completions = try model.decoder.adapters.with(adapter(sample.adapter)) {
            try engine.generate([request]) { event in
                if !event.text.isEmpty {
                    reply(.token(index: event.sample, text: event.text))
                }
                return !isCancelled()
            }
        }
        for completion in completions.joined() {
            // What a cancelled request had drawn so far is no answer.
            guard let finish = EngineCompletion.Finish(completion.finishReason) else { continue }
            reply(
                .completion(
                    EngineCompletion(
                        index: completion.sample, text: completion.text, finish: finish,
                        tokens: completion.tokenIDs.count,
                        logProbability: completion.logProbabilities.reduce(0.0) {
                            $0 + Double($1)
                        })))
        }
    }
}

extension EngineCompletion.Finish {
    fileprivate init?(_ reason: FinishReason) {
        switch reason {
        case .stop: self = .stop
        case .length: self = .length
        case .cancelled: return nil
        }
    }
}
