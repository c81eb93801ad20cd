/// A BPE tokenizer, with the added tokens and the chat template that come with it.
///
/// The methods: bytes that merge (Radford et al. 2019, "Language Models are Unsupervised Multitask
/// Learners"), and characters that merge, spaces among them (Kudo and Richardson 2018,
/// "SentencePiece", Llama's kind).
/// Created from GGUF metadata or from a Hugging Face folder; gives the same ids as Hugging Face
/// `tokenizers`.
public struct Tokenizer: Sendable {
    /// The id that begins a text, if the model has one.
    public let bosID: Int?
    /// The id that ends a text, or a turn where the model talks.
    public let eosID: Int?
    /// The id that fills up shorter sequences, if the vocabulary names one.
    public let padID: Int?
    /// The id for what is unknown, if the vocabulary names one; a vocabulary with tokens for all
    /// bytes never gives it.
    public let unkID: Int?
    /// The template that comes with the vocabulary.
    ///
    /// Knows the names `bos_token`, `eos_token`, `pad_token` and `unk_token`.
    public let chatTemplate: ChatTemplate?

    /// The ids that begin a text where the model expects some: the beginning-of-text id, say.
    public let prefix: [Int]

    let vocabulary: Vocabulary
    let encoder: BytePairEncoder
    let preTokenizer: PreTokenizer
    let normalizer: TextNormalizer
    let added: AddedTokens
    let suffix: [Int]
    let stripsFirstSpace: Bool

    init(_ parts: TokenizerParts) {
        bosID = parts.specials.bos
        eosID = parts.specials.eos
        padID = parts.specials.pad
        unkID = parts.specials.unk
        chatTemplate = parts.chatTemplate
        vocabulary = parts.vocabulary
        encoder = parts.encoder
        preTokenizer = parts.preTokenizer
        normalizer = parts.normalizer
        added = AddedTokens(parts.added, parts.normalizer)
        stripsFirstSpace = parts.stripsFirstSpace
        prefix = parts.prefix
        suffix = parts.suffix
    }

    /// The number of ids, from 0 to the highest one; a few between may have no token.
    public var vocabularySize: Int { vocabulary.count }

    /// The token as its vocabulary writes it (a space as `Ġ`, say), or nil for an id without one.
    public func token(for id: Int) -> String? {
        vocabulary.text(of: id)
    }

    /// The id of a token as its vocabulary writes it.
    public func id(for token: String) -> Int? {
        vocabulary.id(ofText: token)
    }

    /// Whether the id marks structure (the beginning of a text, the end of a turn) and not text.
    public func isSpecial(_ id: Int) -> Bool {
        vocabulary.kind(of: id) == .special
    }

    /// The text of ids; bytes that are not valid UTF-8 become U+FFFD, ids without a token nothing.
    ///
    /// As Hugging Face `tokenizers`, but where SentencePiece's tokens of bytes are valid UTF-8 in
    /// part only: the valid part stays, as in SentencePiece itself, so that a text's beginning does
    /// not depend on what follows.
    ///
    /// - Parameter skipSpecial: Leaves special tokens out.
    public func decode(_ ids: [Int], skipSpecial: Bool = false) -> String {
        guard vocabulary.spelling == .byteAlphabet else {
            var decoder = StreamingDecoder(tokenizer: self, skipSpecial: skipSpecial)
            let pieces = ids.map { decoder.append($0) }
            return pieces.joined() + decoder.flush()
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(ids.count * 4)
        for id in ids where !(skipSpecial && isSpecial(id)) {
            bytes += vocabulary.bytes(of: id)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What a reader of a tokenizer's files found.
struct TokenizerParts {
    var vocabulary: Vocabulary
    var encoder: BytePairEncoder
    var preTokenizer: PreTokenizer
    var normalizer = TextNormalizer()
    /// Whether decoded text loses the one space it may begin with.
    var stripsFirstSpace = false
    var added: [AddedToken] = []
    /// Ids that `addSpecial` puts around a text.
    var prefix: [Int] = []
    var suffix: [Int] = []
    var specials = SpecialIDs()
    var chatTemplate: ChatTemplate?
}

/// The ids with a role of their own.
struct SpecialIDs {
    var bos: Int?
    var eos: Int?
    var pad: Int?
    var unk: Int?
}
