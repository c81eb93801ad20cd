import Models
import Torch

/// Answers many prompts at once: prompts of unequal length without padding, one prefill for all
/// samples of a prompt, and a place for the next sample as soon as one is free.
public final class GenerationEngine {
    private let model: LanguageModel
    private let settings: SamplingSettings
    private let sampler: Sampler
    /// Sequences decoded together.
    private let width: Int
    public private(set) var timings = GenerationTimings()

    /// Tokens of several prompts that go through the model in one pass.
    private static let prefillBudget = 2048

    /// - Parameter width: how many sequences are decoded together; more is faster and larger.
    /// - Throws: ``GenerationError`` when a setting is out of range.
    public init(
        _ model: LanguageModel, _ settings: SamplingSettings, width: Int = 16
    ) throws(GenerationError) {
        self.model = model
        self.settings = try settings.validated()
        self.width = max(1, width)
        sampler = Sampler(settings: settings)
    }

    /// All answers, by prompt and sample.
    ///
    /// - Parameter onEvent: called with every piece of text; returning false ends all answers.
    /// - Throws: ``GenerationError`` when a prompt is empty or leaves no room for an answer.
    public func generate(
        _ requests: [GenerationRequest], onEvent: (GenerationEvent) -> Bool = { _ in true }
    ) throws(GenerationError) -> [[Completion]] {
        try check(requests)
        var run = GenerationRun(requests, model: model, settings: settings, width: width)
        let clock = ContinuousClock()
        let start = clock.now
        timings = GenerationTimings()
        withInference {
            while !run.isDone {
                let before = clock.now
                let admitted = run.admit(budget: Self.prefillBudget) { batch, cached in
                    self.lastLogits(batch, cached)
                }
                if let admitted {
                    timings.prefillTokens += admitted.prefilled
                    timings.prefillSeconds += clock.now.seconds(since: before)
                    step(&run, admitted.rows, admitted.logits, onEvent)
                    if timings.firstTokenSeconds == 0 {
                        timings.firstTokenSeconds = clock.now.seconds(since: start)
                    }
                    continue
                }
                let active = run.activeRows
                let logits = lastLogits(run.nextBatch(active), run.cached(active))
                step(&run, active, logits, onEvent)
                timings.decodedTokens += active.count
                timings.decodeSeconds += clock.now.seconds(since: before)
            }
        }
        return run.completions
    }

    /// Logits of each sequence's last token, [B, V].
    private func lastLogits(_ batch: TokenBatch, _ cached: CachedSequences) -> Tensor {
        let hidden = model.decoder.hidden(batch, continuing: cached)
        let rows = Tensor(batch.lastRows.map(Int64.init)).to(model.decoder.device)
        return model.decoder.logits(hidden.indexSelect(0, rows))
    }

    private func step(
        _ run: inout GenerationRun, _ rows: [Int], _ logits: Tensor,
        _ onEvent: (GenerationEvent) -> Bool
    ) {
        let uniforms = rows.map { run.sequences[$0].draw() }
        let drawn = sampler.draw(
            logits, seen: rows.map { run.sequences[$0].seen }, uniforms: uniforms)
        for (index, row) in rows.enumerated() {
            let text = run.sequences[row].append(
                drawn.tokens[index], drawn.logProbabilities[index])
            let completion = run.sequences[row].completion
            let event = GenerationEvent(
                prompt: completion.prompt, sample: completion.sample, text: text)
            if !onEvent(event) { return run.cancel() }
        }
        run.retire()
    }

    private func check(_ requests: [GenerationRequest]) throws(GenerationError) {
        let limit = model.decoder.configuration.maximumPositions
        for (index, request) in requests.enumerated() {
            if request.tokens.isEmpty { throw .emptyPrompt(index: index) }
            if request.samples < 1 { throw .setting("samples", "must be 1 or more") }
            if request.tokens.count >= limit {
                throw .promptTooLong(index: index, tokens: request.tokens.count, limit: limit)
            }
        }
    }
}

extension ContinuousClock.Instant {
    /// Seconds from an earlier instant to this one.
    package func seconds(since start: ContinuousClock.Instant) -> Double {
        let (seconds, attoseconds) = (self - start).components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
