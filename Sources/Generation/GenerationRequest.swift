import Layers
import Models
import Records

/// A prompt, how many answers it is to have, and how they are drawn.
public struct GenerationRequest: Sendable {
    public let tokens: [Int32]
    /// The images among the tokens, in their order.
    public let images: [PlacedImage]
    /// Answers that share the prompt, which is computed once for all of them.
    public let samples: Int
    public var settings: SamplingSettings
    public var adapter: RequestedAdapter
    /// What errors call it; nil for its place.
    public let id: String?
    /// Its place in its client's list, 0 where there is none: errors name it, and requests of one
    /// seed draw from other streams at other places.
    var place = 0

    public init(
        tokens: [Int32], images: [PlacedImage] = [], samples: Int = 1,
        settings: SamplingSettings = SamplingSettings(), adapter: RequestedAdapter = .active,
        id: String? = nil
    ) {
        self.tokens = tokens
        self.images = images
        self.samples = samples
        self.settings = settings
        self.adapter = adapter
        self.id = id
    }
}

/// Which of a model's adapters answers a request.
public enum RequestedAdapter: Sendable, Hashable {
    /// The one that is active when the request is submitted.
    case active
    /// One that was attached under this name, or was not asked for (nil): the base model.
    case named(AdapterName?)

    func name(on decoder: Decoder) -> AdapterName? {
        switch self {
        case .active: decoder.adapters.active
        case .named(let name): name
        }
    }
}

extension GenerationRequest {
    /// Tokens of prompt and longest answer in a sequence of at most `capacity`.
    func length(within capacity: Int) -> Int {
        min(tokens.count + settings.maximumTokens, capacity)
    }

    /// - Throws: ``GenerationError`` when a setting is out of range, the prompt is empty, or it
    ///   leaves no room for an answer in a sequence of `capacity` tokens.
    func check(capacity: Int) throws(GenerationError) {
        _ = try settings.validated()
        if tokens.isEmpty { throw .emptyPrompt(index: place) }
        if samples < 1 { throw .setting("samples", "must be 1 or more") }
        if tokens.count >= capacity {
            throw .promptTooLong(index: place, tokens: tokens.count, limit: capacity)
        }
    }
}
