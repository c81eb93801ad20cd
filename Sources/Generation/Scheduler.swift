import Datasets
import Layers
import Models
import Torch

/// Draws the answers of all requests together: requests join and leave while others go on.
///
/// Between two steps requests are submitted and cancelled, from one thread. A step is one pass of
/// the model: over prompts that wait, where there are places for their answers, else over the last
/// token of every answer in the making (once for each adapter among them). A place that an answer
/// leaves is taken by the next that waits, first come, first served.
///
/// What a request draws depends on the request alone, to the bit on a CPU: not on what stands
/// beside it, nor on when it joined.
///
/// Its key-value cache has `slots` + 1 slots of `capacity` tokens at most, and is no larger than
/// the requests at hand ask for.
public final class Scheduler {
    private let model: LanguageModel
    private var slots: SlotCache
    private var queue = PromptQueue()
    private var sequences: [ActiveSequence] = []
    /// A prompt with more answers than places: it is in the cache's holder, with its last logits.
    private var held: (prompt: PendingPrompt, logits: Tensor)?
    /// Tokens of the longest sequence that was asked for since nothing was.
    private var longest = 0
    private var requests = 0
    public private(set) var timings = GenerationTimings()

    /// Tokens of several prompts that go through the model in one pass.
    private static let prefillBudget = 2048

    /// - Parameters:
    ///   - slots: how many sequences are decoded together; more is faster and larger.
    ///   - capacity: the most tokens of prompt and answer; nil for as many as the model takes.
    public init(_ model: LanguageModel, slots: Int, capacity: Int? = nil) {
        precondition(slots > 0, "a scheduler without slots")
        let most = model.decoder.configuration.maximumPositions
        self.model = model
        self.slots = SlotCache(model.decoder, limit: slots, capacity: min(capacity ?? most, most))
    }

    /// Whether no request waits or is being answered.
    public var isIdle: Bool { sequences.isEmpty && queue.isEmpty && held == nil }

    /// Takes a request; its answers begin in the steps that follow.
    ///
    /// - Throws: ``GenerationError`` when a setting is out of range, or the prompt is empty or
    ///   leaves no room for an answer.
    @discardableResult
    public func submit(_ request: GenerationRequest) throws(GenerationError) -> RequestID {
        try request.check(capacity: slots.capacity)
        requests += 1
        let id = RequestID(number: requests)
        let adapter = request.adapter.name(on: model.decoder)
        longest = max(longest, request.length(within: slots.capacity))
        if queue.isEmpty, held?.prompt.join(request, id, adapter: adapter) == true { return id }
        queue.add(request, id, adapter: adapter)
        return id
    }

    /// Ends a request where it stands: no event of it follows, and its places are free. Nothing
    /// happens where it has ended.
    public func cancel(_ id: RequestID) {
        queue.cancel(id)
        held?.prompt.cancel(id)
        if held?.prompt.samples.isEmpty == true { held = nil }
        retire(where: { $0.request == id })
    }

    /// One pass of the model over what there is to do; what came of it, answer by answer.
    public func step() -> [SchedulerEvent] {
        let events = withInference { prefill() ?? decode() }
        for case .failed(let id, _) in events { cancel(id) }
        retire(where: \.isFinished)
        return events
    }

    /// Frees the places of some answers.
    private func retire(where isOver: (ActiveSequence) -> Bool) {
        for sequence in sequences where isOver(sequence) { slots.give(back: sequence.slot) }
        sequences.removeAll(where: isOver)
        if isIdle {
            slots.release()
            longest = 0
        }
    }
}

/// Names a request among those of its scheduler.
public struct RequestID: Hashable, Sendable {
    let number: Int
}

/// What came of a step.
public enum SchedulerEvent: Sendable {
    case token(DrawnToken)
    /// The request has ended without its other answers: an image could no longer be read, or the
    /// model gave a number that is not finite.
    case failed(RequestID, GenerationError)
}

// MARK: - Prompts

extension Scheduler {
    /// Begins answers that wait; nil where there is no place or none waits.
    private func prefill() -> [SchedulerEvent]? {
        guard slots.vacancies > 0, held != nil || !queue.isEmpty else { return nil }
        let waiting =
            (held?.prompt.samples.count ?? 0) + queue.samples(upTo: slots.vacancies)
        slots.reserve(sequences: sequences.count + waiting, tokens: longest)
        if let held { return beginHeld(held.prompt, held.logits) }
        let prompts = queue.take(places: slots.vacancies, tokens: Self.prefillBudget)
        return begin(prompts)
    }

    private func begin(_ prompts: [PendingPrompt]) -> [SchedulerEvent] {
        let before = ContinuousClock.now
        let first = prompts.map { _ in slots.take() }
        let logits: Tensor
        do throws(ImageFault) {
            logits = try self.logits(of: prompts, in: first)
        } catch {
            for slot in first.reversed() { slots.give(back: slot) }
            // The fault is one prompt's: the others are computed without it.
            if prompts.count > 1 { return prompts.flatMap { begin([$0]) } }
            return prompts[0].requests.map { .failed($0, .image(error)) }
        }
        var (rows, sources) = ([Int](), [Int64]())
        for (index, prompt) in prompts.enumerated() {
            var prompt = prompt
            let others = min(prompt.samples.count - 1, slots.vacancies)
            let own = [first[index]] + (0..<others).map { _ in slots.take() }
            rows += add(prompt.take(own.count), from: first[index], to: own)
            sources += own.map { _ in Int64(index) }
            if !prompt.samples.isEmpty {
                slots.copy(from: first[index], to: [SlotCache.holder])
                held = (prompt, logits.slice(0, index..<(index + 1)))
            }
        }
        timings.prefillTokens += prompts.reduce(0) { $0 + $1.tokens.count }
        timings.prefillSeconds += ContinuousClock.now.seconds(since: before)
        return draw(rows, logits.indexSelect(0, Tensor(sources).to(logits.device)))
    }

    private func beginHeld(_ prompt: PendingPrompt, _ logits: Tensor) -> [SchedulerEvent] {
        var prompt = prompt
        let samples = prompt.take(slots.vacancies)
        let own = samples.map { _ in slots.take() }
        held = prompt.samples.isEmpty ? nil : (prompt, logits)
        let rows = add(samples, from: SlotCache.holder, to: own)
        return draw(Array(rows), logits.expand(rows.count, -1))
    }

    /// Starts answers behind the prompt that slot `source` holds; returns their places among the
    /// sequences.
    private func add(_ samples: [PendingSample], from source: Int, to own: [Int]) -> Range<Int> {
        slots.copy(from: source, to: own)
        let start = sequences.count
        sequences += zip(samples, own).map { sample, slot in
            ActiveSequence(sample, slot: slot, model: model, capacity: slots.capacity)
        }
        return start..<sequences.count
    }

    /// Logits of each prompt's last token, [B, V].
    private func logits(
        of prompts: [PendingPrompt], in first: [Int]
    ) throws(ImageFault) -> Tensor {
        var start = 0
        let images = prompts.flatMap { prompt in
            defer { start += prompt.tokens.count }
            return prompt.images.map { $0.moved(by: start) }
        }
        let batch = TokenBatch(prompts.map(\.tokens))
        let adapters = model.decoder.adapters
        return try adapters.with(prompts[0].adapter) { () throws(ImageFault) in
            logits(
                of: batch,
                try model.hidden(batch, images: images, continuing: slots.sequences(in: first)))
        }
    }
}

// MARK: - Tokens

extension Scheduler {
    /// Draws the next token of every answer.
    private func decode() -> [SchedulerEvent] {
        var events: [SchedulerEvent] = []
        for (adapter, rows) in sequences.indices.grouped(by: { sequences[$0].adapter }) {
            let before = ContinuousClock.now
            let batch = TokenBatch(
                tokens: rows.map { sequences[$0].lastToken },
                positions: rows.map { sequences[$0].position }, lengths: rows.map { _ in 1 })
            let cached = slots.sequences(in: rows.map { sequences[$0].slot })
            let logits = model.decoder.adapters.with(adapter) {
                self.logits(of: batch, model.decoder.hidden(batch, continuing: cached))
            }
            events += draw(rows, logits)
            timings.decodedTokens += rows.count
            timings.decodeSeconds += ContinuousClock.now.seconds(since: before)
        }
        return events
    }

    /// Logits of each sequence's last token, [B, V].
    private func logits(of batch: TokenBatch, _ hidden: Tensor) -> Tensor {
        let rows = Tensor(batch.lastRows.map(Int64.init)).to(model.decoder.device)
        return model.decoder.logits(hidden.indexSelect(0, rows))
    }

    /// Draws a token of each of the answers at `rows` from its logits, [rows, V].
    private func draw(_ rows: [Int], _ logits: Tensor) -> [SchedulerEvent] {
        var drawn = rows.map { _ in (token: Int32(0), logProbability: Float.nan) }
        for (sampler, places) in rows.indices.grouped(by: { sequences[rows[$0]].sampler }) {
            let own =
                places.count == rows.count
                ? logits
                : logits.indexSelect(0, Tensor(places.map(Int64.init)).to(logits.device))
            let uniforms = places.map { sequences[rows[$0]].draw() }
            let result = sampler.draw(
                own, seen: places.map { sequences[rows[$0]].seen }, uniforms: uniforms)
            for (index, place) in places.enumerated() {
                drawn[place] = (result.tokens[index], result.logProbabilities[index])
            }
        }
        var failed: Set<RequestID> = []
        return zip(rows, drawn).compactMap { row, drawn in
            let id = sequences[row].request
            if failed.contains(id) { return nil }
            // A token is always found, among logits that are no numbers too.
            guard drawn.logProbability.isFinite else {
                failed.insert(id)
                let place = sequences[row].place.prompt
                return .failed(id, .notFinite(index: place, id: sequences[row].id))
            }
            return .token(sequences[row].append(drawn.token, drawn.logProbability))
        }
    }
}

extension Sequence {
    /// The elements by a key of theirs, groups and members in the order in which they come.
    fileprivate func grouped<Key: Hashable>(
        by key: (Element) -> Key
    ) -> [(key: Key, members: [Element])] {
        var places: [Key: Int] = [:]
        var groups: [(key: Key, members: [Element])] = []
        for element in self {
            let key = key(element)
            if let place = places[key] {
                groups[place].members.append(element)
            } else {
                places[key] = groups.count
                groups.append((key, [element]))
            }
        }
        return groups
    }
}
