import Layers
import Records

/// An answer that has not begun.
struct PendingSample {
    let id: RequestID
    let request: GenerationRequest
    /// Place among the request's samples.
    let sample: Int
    let adapter: AdapterName?
}

/// A prompt and the answers to it that have not begun, of one request or of several that ask the
/// same: it is computed once for all of them.
struct PendingPrompt {
    let tokens: [Int32]
    let images: [PlacedImage]
    let adapter: AdapterName?
    private(set) var samples: [PendingSample] = []

    init(_ request: GenerationRequest, adapter: AdapterName?) {
        tokens = request.tokens
        images = request.images
        self.adapter = adapter
    }

    /// Adds the answers of a request; false when it asks something else.
    mutating func join(
        _ request: GenerationRequest, _ id: RequestID, adapter: AdapterName?
    ) -> Bool {
        guard adapter == self.adapter, request.tokens == tokens, request.images == images else {
            return false
        }
        samples += (0..<request.samples).map {
            PendingSample(id: id, request: request, sample: $0, adapter: adapter)
        }
        return true
    }

    /// Whose answers they are, each once.
    var requests: [RequestID] {
        samples.map(\.id).reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    /// Takes the first `count` answers out.
    mutating func take(_ count: Int) -> [PendingSample] {
        defer { samples.removeFirst(min(count, samples.count)) }
        return Array(samples.prefix(count))
    }

    mutating func cancel(_ id: RequestID) { samples.removeAll { $0.id == id } }
}

/// Prompts that wait for places, in the order in which they came.
struct PromptQueue {
    private var prompts: ArraySlice<PendingPrompt> = []

    var isEmpty: Bool { prompts.isEmpty }

    /// The answers that wait, but for counting no further than `limit`.
    func samples(upTo limit: Int) -> Int {
        var count = 0
        for prompt in prompts {
            count += prompt.samples.count
            if count >= limit { return limit }
        }
        return count
    }

    /// Joins the prompt that came last where it is the same.
    mutating func add(_ request: GenerationRequest, _ id: RequestID, adapter: AdapterName?) {
        if let last = prompts.indices.last, prompts[last].join(request, id, adapter: adapter) {
            return
        }
        var prompt = PendingPrompt(request, adapter: adapter)
        _ = prompt.join(request, id, adapter: adapter)
        prompts.append(prompt)
    }

    /// Takes prompts that one pass of the model computes: of one adapter, as long as places are
    /// left and they stay within a budget of tokens. The last may have more answers than there
    /// are places.
    mutating func take(places: Int, tokens budget: Int) -> [PendingPrompt] {
        var taken: [PendingPrompt] = []
        var (places, tokens) = (places, 0)
        while let next = prompts.first, places > 0 {
            if let first = taken.first,
                first.adapter != next.adapter || tokens + next.tokens.count > budget
            {
                break
            }
            taken.append(next)
            prompts = prompts.dropFirst()
            places -= next.samples.count
            tokens += next.tokens.count
        }
        return taken
    }

    /// Forgets the answers of a request that have not begun.
    mutating func cancel(_ id: RequestID) {
        for place in prompts.indices { prompts[place].cancel(id) }
        prompts.removeAll(where: \.samples.isEmpty)
    }
}
