import Layers
import Models
import Randomness
import Records
import Tokenizers

/// An answer in the making: its tokens, its text, and its own stream of random numbers.
struct ActiveSequence {
    let request: RequestID
    /// Place of its prompt in the client's list, and its own among the samples of the prompt.
    let place: (prompt: Int, sample: Int)
    /// What errors call its prompt.
    let id: String?
    let adapter: AdapterName?
    let slot: Int
    /// Prompt and answer, for the repetition penalty.
    private(set) var seen: [Int32]
    /// Why it ended; nil while it goes on.
    private(set) var finishReason: FinishReason?

    private let settings: SamplingSettings
    private var random: RandomStream
    private var decoder: StreamingDecoder
    private var scanner: StopScanner
    private let stopIDs: Set<Int>
    private let promptLength: Int
    private let limit: Int
    /// What images add to positions: they may take fewer than they have tokens (M-RoPE).
    private let offset: Int

    /// - Parameter capacity: the most tokens of prompt and answer.
    init(_ pending: PendingSample, slot: Int, model: LanguageModel, capacity: Int) {
        let request = pending.request
        self.request = pending.id
        place = (request.place, pending.sample)
        id = request.id
        adapter = pending.adapter
        self.slot = slot
        seen = request.tokens
        settings = request.settings
        // Its own stream: the batch it shares does not change its draws.
        random = RandomStream(
            seed: settings.seed, key: UInt64(request.place) << 32 | UInt64(pending.sample))
        decoder = StreamingDecoder(tokenizer: model.tokenizer, skipSpecial: true)
        stopIDs = model.stopIDs
        scanner = StopScanner(settings.stopStrings)
        promptLength = request.tokens.count
        limit = request.length(within: capacity) - promptLength
        offset = request.positionOffset(model.decoder.configuration)
    }

    var isFinished: Bool { finishReason != nil }

    /// Tokens of the answer so far.
    var count: Int { seen.count - promptLength }

    /// How its next token is drawn.
    var sampler: Sampler {
        Sampler(
            settings: settings, excluded: count < settings.minimumTokens ? stopIDs.sorted() : [])
    }

    /// The number that decides its next token.
    mutating func draw() -> Double { random.uniform() }

    /// Position of the token drawn last.
    var position: Int { seen.count - 1 + offset }

    var lastToken: Int32 { seen[seen.count - 1] }

    /// Takes the next token.
    mutating func append(_ token: Int32, _ logProbability: Float) -> DrawnToken {
        seen.append(token)
        let text = text(of: Int(token))
        return DrawnToken(
            request: request, prompt: place.prompt, sample: place.sample, token: token,
            logProbability: logProbability, text: text, finishReason: finishReason)
    }

    private mutating func text(of token: Int) -> String {
        if stopIDs.contains(token) { return finish(.stop) }
        let (piece, isStopped) = scanner.append(decoder.append(token))
        if isStopped {
            _ = finish(.stop)
            return piece
        }
        return count < limit ? piece : piece + finish(.length)
    }

    /// Ends the answer; returns the text that was held back so far.
    private mutating func finish(_ reason: FinishReason) -> String {
        finishReason = reason
        let (text, isStopped) = scanner.append(decoder.flush())
        return isStopped ? text : text + scanner.flush()
    }
}

extension GenerationRequest {
    /// Positions less tokens of the prompt.
    fileprivate func positionOffset(_ configuration: DecoderConfiguration) -> Int {
        guard configuration.multimodalSections != nil, !images.isEmpty else { return 0 }
        let positions = MRoPEPositions(
            lengths: [tokens.count], prefixes: [-1], positions: Array(tokens.indices),
            images: images)
        return positions.next[0] - tokens.count
    }
}
