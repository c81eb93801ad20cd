import Generation
import Layers
import Records

/// A request for answers, as far as they are drawn.
struct Drawing {
    /// What the client calls it.
    let id: Int
    let adapter: AdapterName?
    var completions: [Completion]

    var isDone: Bool { completions.allSatisfy { $0.finishReason != .cancelled } }
}

extension ModelService {
    /// Lets the request's answers join those that are being drawn.
    ///
    /// - Throws: ``GenerationError``, ``AdapterError``, or ``RecordFault`` where the chat template
    ///   refuses the prompt or an image cannot be used.
    func submit(_ sample: EngineSample, for id: Int) throws {
        let settings = SamplingSettings(
            temperature: sample.temperature, topK: sample.topK, topP: sample.topP,
            repetitionPenalty: sample.repetitionPenalty, maximumTokens: sample.maxTokens,
            seed: sample.seed)
        let count = max(1, sample.count)
        let adapter = try adapter(sample.adapter)
        let request = try model.request(
            .messages(sample.prompt), images: sample.images, samples: count, settings: settings,
            adapter: .named(adapter))
        drawings[try scheduler.submit(request)] = Drawing(
            id: id, adapter: adapter,
            completions: (0..<count).map { Completion(prompt: 0, sample: $0) })
    }

    /// What the client is told of a step: every piece of text as it appears, every answer when it
    /// has ended.
    func events(of event: SchedulerEvent) -> [EngineEvent] {
        switch event {
        case .failed(let key, let error):
            return drawings.removeValue(forKey: key).map { [Self.error(error, $0.id)] } ?? []
        case .token(let token):
            guard let id = drawings[token.request]?.id else { return [] }
            drawings[token.request]?.completions[token.sample].append(token)
            return replies(to: token).map { .reply(id: id, $0) }
        }
    }

    private func replies(to token: DrawnToken) -> [EngineReply] {
        var replies: [EngineReply] = []
        if !token.text.isEmpty { replies.append(.token(index: token.sample, text: token.text)) }
        guard let drawing = drawings[token.request],
            let completion = EngineCompletion(drawing.completions[token.sample])
        else { return replies }
        replies.append(.completion(completion))
        if drawing.isDone {
            drawings[token.request] = nil
            replies.append(.done)
        }
        return replies
    }
}

extension EngineCompletion {
    /// nil for an answer that has not ended.
    fileprivate init?(_ completion: Completion) {
        let finish: Finish
        switch completion.finishReason {
        case .stop: finish = .stop
        case .length: finish = .length
        case .cancelled: return nil
        }
        self.init(
            index: completion.sample, text: completion.text, finish: finish,
            tokens: completion.tokenIDs.count,
            logProbability: completion.logProbabilities.reduce(0.0) { $0 + Double($1) })
    }
}
