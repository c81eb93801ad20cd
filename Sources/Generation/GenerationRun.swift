import Datasets
import Models
import Records
import Torch

/// The state of one call of the engine: who waits, who is being decoded, who is done.
struct GenerationRun {
    private(set) var sequencesDone: [Completion] = []
    var sequences: [ActiveSequence] = []

    let requests: [GenerationRequest]
    private let model: LanguageModel
    private let settings: SamplingSettings
    private let cache: KeyValueCache
    private var freeSlots: [Int]
    private var nextPrompt = 0
    private var cancelled = false

    /// A prompt with more samples than there were free slots: its prefix and first logits.
    private struct Holder {
        let prompt: Int
        var nextSample: Int
        let logits: Tensor
    }
    private var holder: Holder?
    private let holderSlot: Int

    init(
        _ requests: [GenerationRequest], model: LanguageModel, settings: SamplingSettings,
        width: Int
    ) {
        self.requests = requests
        self.model = model
        self.settings = settings
        let total = requests.reduce(0) { $0 + $1.samples }
        let slots = max(1, min(width, total))
        let longest = requests.map(\.tokens.count).max() ?? 0
        let capacity = min(
            longest + settings.maximumTokens, model.decoder.configuration.maximumPositions)
        cache = KeyValueCache(
            model.decoder.configuration, slots: slots + 1, capacity: capacity,
            dtype: model.decoder.dtype, device: model.decoder.device)
        freeSlots = Array((0..<slots).reversed())
        holderSlot = slots
    }

    var isDone: Bool {
        sequences.isEmpty && (cancelled || (holder == nil && nextPrompt >= requests.count))
    }

    var activeRows: [Int] { Array(sequences.indices) }

    /// Completions by prompt and sample.
    var completions: [[Completion]] {
        var result: [[Completion]] = requests.map { _ in [] }
        for completion in sequencesDone.sorted(by: { $0.sample < $1.sample }) {
            result[completion.prompt].append(completion)
        }
        return result
    }

    /// Rows of ``sequences`` that were admitted, logits for their first token, tokens prefilled.
    struct Admission {
        var rows: [Int]
        var logits: Tensor
        var prefilled: Int
    }

    /// Starts as many waiting samples as fit; nil when there is no place or nobody waits.
    mutating func admit(
        budget: Int,
        _ forward: (TokenBatch, [PlacedImage], CachedSequences) throws(ImageFault) -> Tensor
    ) throws(ImageFault) -> Admission? {
        if cancelled || freeSlots.isEmpty { return nil }
        if let holder { return admitFromHolder(holder) }
        var prompts: [(prompt: Int, slots: [Int])] = []
        var tokens = 0
        while nextPrompt < requests.count, !freeSlots.isEmpty, holder == nil {
            let request = requests[nextPrompt]
            if !prompts.isEmpty, tokens + request.tokens.count > budget { break }
            let slots = (0..<min(request.samples, freeSlots.count)).map { _ in
                freeSlots.removeLast()
            }
            prompts.append((nextPrompt, slots))
            tokens += request.tokens.count
            nextPrompt += 1
            if slots.count < request.samples { break }
        }
        if prompts.isEmpty { return nil }
        return try start(prompts, prefilled: tokens, forward)
    }

    private mutating func start(
        _ prompts: [(prompt: Int, slots: [Int])], prefilled: Int,
        _ forward: (TokenBatch, [PlacedImage], CachedSequences) throws(ImageFault) -> Tensor
    ) throws(ImageFault) -> Admission {
        let own = prompts.map { requests[$0.prompt] }
        let batch = TokenBatch(own.map(\.tokens))
        let first = prompts.map { $0.slots[0] }
        for slot in first { cache.clear(slot) }
        var start = 0
        let images = own.flatMap { request in
            defer { start += request.tokens.count }
            return request.images.map { $0.moved(by: start) }
        }
        let logits = try forward(batch, images, CachedSequences(cache: cache, slots: first))
        var rows: [Int] = []
        var sources: [Int64] = []
        for (index, (prompt, slots)) in prompts.enumerated() {
            cache.copy(from: slots[0], to: slots)
            for (sample, slot) in slots.enumerated() {
                rows.append(add(prompt: prompt, sample: sample, slot: slot))
                sources.append(Int64(index))
            }
            if slots.count < requests[prompt].samples {
                cache.copy(from: slots[0], to: [holderSlot])
                holder = Holder(
                    prompt: prompt, nextSample: slots.count,
                    logits: logits.slice(0, index..<(index + 1)))
            }
        }
        let index = Tensor(sources).to(logits.device)
        return Admission(rows: rows, logits: logits.indexSelect(0, index), prefilled: prefilled)
    }

    private mutating func admitFromHolder(_ held: Holder) -> Admission {
        let count = min(freeSlots.count, requests[held.prompt].samples - held.nextSample)
        let slots = (0..<count).map { _ in freeSlots.removeLast() }
        cache.copy(from: holderSlot, to: slots)
        let rows = slots.enumerated().map { offset, slot in
            add(prompt: held.prompt, sample: held.nextSample + offset, slot: slot)
        }
        let next = held.nextSample + count
        let isLast = next == requests[held.prompt].samples
        holder = isLast ? nil : Holder(prompt: held.prompt, nextSample: next, logits: held.logits)
        return Admission(rows: rows, logits: held.logits.expand(count, -1), prefilled: 0)
    }

    private mutating func add(prompt: Int, sample: Int, slot: Int) -> Int {
        sequences.append(
            ActiveSequence(
                prompt: prompt, sample: sample, slot: slot, request: requests[prompt],
                model: model, settings: settings))
        return sequences.count - 1
    }

    /// The token each of the rows drew last, at its position.
    func nextBatch(_ rows: [Int]) -> TokenBatch {
        TokenBatch(
            tokens: rows.map { sequences[$0].lastToken },
            positions: rows.map { sequences[$0].position },
            lengths: rows.map { _ in 1 })
    }

    func cached(_ rows: [Int]) -> CachedSequences {
        CachedSequences(cache: cache, slots: rows.map { sequences[$0].slot })
    }

    /// Frees the places of finished sequences.
    mutating func retire() {
        for sequence in sequences where sequence.isFinished {
            sequencesDone.append(sequence.completion)
            freeSlots.append(sequence.slot)
        }
        sequences.removeAll(where: \.isFinished)
    }

    /// Ends everything where it stands.
    mutating func cancel() {
        cancelled = true
        sequencesDone += sequences.map(\.completion)
        sequences = []
    }
}
