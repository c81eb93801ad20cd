import Models
import Randomness
import Records
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
    private var scanner: StopScanner
    private let stopIDs: Set<Int>
    private let limit: Int
    /// What images add to positions: they may take fewer than they have tokens (M-RoPE).
    private let offset: Int

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
        scanner = StopScanner(settings.stopStrings)
        let room = model.decoder.configuration.maximumPositions - request.tokens.count
        limit = min(settings.maximumTokens, room)
        offset = request.positionOffset(model.decoder.configuration)
    }

    /// The number that decides its next token.
    mutating func draw() -> Double { random.uniform() }

    /// Position of the token drawn last.
    var position: Int { seen.count - 1 + offset }

    var lastToken: Int32 { seen[seen.count - 1] }

    /// Takes the next token; returns the text it adds.
    mutating func append(_ token: Int32, _ logProbability: Float) -> String {
        seen.append(token)
        completion.tokenIDs.append(token)
        completion.logProbabilities.append(logProbability)
        let text = text(of: Int(token))
        completion.text += text
        return text
    }

    private mutating func text(of token: Int) -> String {
        if stopIDs.contains(token) { return finish(.stop) }
        let (piece, isStopped) = scanner.append(decoder.append(token))
        if isStopped {
            _ = finish(.stop)
            return piece
        }
        return completion.tokenIDs.count < limit ? piece : piece + finish(.length)
    }

    /// Ends the answer; returns the text that was held back so far.
    private mutating func finish(_ reason: FinishReason) -> String {
        isFinished = true
        completion.finishReason = reason
        let (text, isStopped) = scanner.append(decoder.flush())
        return isStopped ? text : text + scanner.flush()
    }
}

extension GenerationRequest {
    /// Positions less tokens of the prompt.
    fileprivate func positionOffset(_ configuration: DecoderConfiguration) -> Int {
        guard configuration.multimodalSections != nil, !images.isEmpty else { return 0 }
        let positions = SpatialPositions(
            lengths: [tokens.count], prefixes: [-1], positions: Array(tokens.indices),
            images: images)
        return positions.next[0] - tokens.count
    }
}
