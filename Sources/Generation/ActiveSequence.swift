import Randomness
import Tokenizers

/// An answer in the making: its tokens, its text, and its own stream of random numbers.
struct ActiveSequence {
    let slot: Int
    /// Prompt and answer, for the repetition penalty.
    private(set) var seen: [Int32]
    private(set) var completion: Completion
    private(set) var isFinished = false

    private var random: RandomStream
    private var decoder: StreamingDecoder
    private let stopIDs: Set<Int>
    private let stopStrings: [String]
    private let limit: Int

    init(
        prompt: Int, sample: Int, slot: Int, request: GenerationRequest, model: LanguageModel,
        settings: SamplingSettings
    ) {
        self.slot = slot
        seen = request.tokens
        completion = Completion(
            prompt: prompt, sample: sample, text: "", tokenIDs: [], logProbabilities: [],
            finishReason: .cancelled)
        // Its own stream: the batch it shares does not change its draws.
        random = RandomStream(
            seed: settings.seed, key: UInt64(prompt) << 32 | UInt64(sample))
        decoder = StreamingDecoder(tokenizer: model.tokenizer, skipSpecial: true)
        stopIDs = model.stopIDs
        stopStrings = settings.stopStrings
        let room = model.decoder.configuration.maximumPositions - request.tokens.count
        limit = min(settings.maximumTokens, room)
    }

    /// The number that decides its next token.
    mutating func draw() -> Double { random.uniform() }

    /// Position of the token drawn last.
    var position: Int { seen.count - 1 }

    var lastToken: Int32 { seen[seen.count - 1] }

    /// Takes the next token; returns the text it adds.
    mutating func append(_ token: Int32, _ logProbability: Float) -> String {
        seen.append(token)
        completion.tokenIDs.append(token)
        completion.logProbabilities.append(logProbability)
        if stopIDs.contains(Int(token)) { return finish(.stop) }
        let piece = decoder.append(Int(token))
        completion.text += piece
        if cutAtStopString() { return finish(.stop, flushing: false) }
        if completion.tokenIDs.count >= limit { return piece + finish(.length) }
        return piece
    }

    private mutating func finish(_ reason: FinishReason, flushing: Bool = true) -> String {
        isFinished = true
        completion.finishReason = reason
        let rest = flushing ? decoder.flush() : ""
        completion.text += rest
        return rest
    }

    private mutating func cutAtStopString() -> Bool {
        let places = stopStrings.compactMap { completion.text.firstRange(of: $0)?.lowerBound }
        guard let first = places.min() else { return false }
        completion.text = String(completion.text[..<first])
        return true
    }
}
