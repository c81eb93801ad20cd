/// A byte-level BPE tokenizer, with the added tokens and the chat template that come with it.
///
/// The method: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners".
/// Created from GGUF metadata or from a Hugging Face folder; gives the same ids as Hugging Face
/// `tokenizers`.
public struct Tokenizer: Sendable {
    /// The id that begins a text, if the model has one.
    public let bosID: Int?
    /// The id that ends a text, or a turn where the model talks.
    public let eosID: Int?
    /// The id that fills up shorter sequences, if the vocabulary names one.
    public let padID: Int?
    /// The id for what is unknown, if the vocabulary names one; byte-level BPE never gives it.
    public let unkID: Int?
    /// The template that comes with the vocabulary.
    ///
    /// Knows the names `bos_token`, `eos_token`, `pad_token` and `unk_token`.
    public let chatTemplate: ChatTemplate?

    let vocabulary: Vocabulary
    let encoder: BytePairEncoder
    let preTokenizer: PreTokenizer
    let composesUnicode: Bool
    let added: AddedTokens
    let prefix: [Int]
    let suffix: [Int]

    init(_ parts: TokenizerParts) {
        bosID = parts.specials.bos
        eosID = parts.specials.eos
        padID = parts.specials.pad
        unkID = parts.specials.unk
        chatTemplate = parts.chatTemplate
        vocabulary = parts.vocabulary
        encoder = parts.encoder
        preTokenizer = parts.preTokenizer
        composesUnicode = parts.composesUnicode
        added = AddedTokens(parts.added)
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
    /// - Parameter skipSpecial: Leaves special tokens out.
    public func decode(_ ids: [Int], skipSpecial: Bool = false) -> String {
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
    var composesUnicode = false
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
