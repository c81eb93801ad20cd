import Datasets
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
    /// - Throws: ``GenerationError`` when a prompt is empty or leaves no room for an answer, an
    ///   image can no longer be read, or the model gives a number that is not finite.
    public func generate(
        _ requests: [GenerationRequest], onEvent: (GenerationEvent) -> Bool = { _ in true }
    ) throws(GenerationError) -> [[Completion]] {
        try check(requests)
        var run = GenerationRun(requests, model: model, settings: settings, width: width)
        timings = GenerationTimings()
        let start = ContinuousClock.now
        try withInference { () throws(GenerationError) in
            while !run.isDone {
                if try prefill(&run, onEvent) {
                    if timings.firstTokenSeconds == 0 {
                        timings.firstTokenSeconds = ContinuousClock.now.seconds(since: start)
                    }
                } else {
                    try decode(&run, onEvent)
                }
            }
        }
        return run.completions
    }

    /// Starts waiting answers; false when there is no place or nobody waits.
    private func prefill(
        _ run: inout GenerationRun, _ onEvent: (GenerationEvent) -> Bool
    ) throws(GenerationError) -> Bool {
        let before = ContinuousClock.now
        let admitted: GenerationRun.Admission?
        do throws(ImageFault) {
            admitted = try run.admit(budget: Self.prefillBudget) {
                batch, images, cached throws(ImageFault) in
                lastLogits(of: batch, try model.hidden(batch, images: images, continuing: cached))
            }
        } catch {
            throw .image(error)
        }
        guard let admitted else { return false }
        timings.prefillTokens += admitted.prefilled
        timings.prefillSeconds += ContinuousClock.now.seconds(since: before)
        try step(&run, admitted.rows, admitted.logits, onEvent)
        return true
    }

    /// Draws the next token of every answer.
    private func decode(
        _ run: inout GenerationRun, _ onEvent: (GenerationEvent) -> Bool
    ) throws(GenerationError) {
        let before = ContinuousClock.now
        let active = run.activeRows
        let batch = run.nextBatch(active)
        let hidden = model.decoder.hidden(batch, continuing: run.cached(active))
        try step(&run, active, lastLogits(of: batch, hidden), onEvent)
        timings.decodedTokens += active.count
        timings.decodeSeconds += ContinuousClock.now.seconds(since: before)
    }

    /// Logits of each sequence's last token, [B, V].
    private func lastLogits(of batch: TokenBatch, _ hidden: Tensor) -> Tensor {
        let rows = Tensor(batch.lastRows.map(Int64.init)).to(model.decoder.device)
        return model.decoder.logits(hidden.indexSelect(0, rows))
    }

    private func step(
        _ run: inout GenerationRun, _ rows: [Int], _ logits: Tensor,
        _ onEvent: (GenerationEvent) -> Bool
    ) throws(GenerationError) {
        let uniforms = rows.map { run.sequences[$0].draw() }
        let drawn = sampler.draw(
            logits, seen: rows.map { run.sequences[$0].seen }, uniforms: uniforms)
        for (index, row) in rows.enumerated() {
            // A token is always found, among logits that are no numbers too.
            guard drawn.logProbabilities[index].isFinite else {
                let prompt = run.sequences[row].completion.prompt
                throw .notFinite(index: prompt, id: run.requests[prompt].id)
            }
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
