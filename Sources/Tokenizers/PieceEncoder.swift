/// The ids of a text that comes in pieces, with an image where the text has one.
struct PieceEncoder {
    let tokenizer: Tokenizer
    /// What stands for an image; spelled out in a piece it is text.
    let imageToken: ImageToken?
    private(set) var ids: [Int] = []
    /// How many images the ids have.
    private(set) var images = 0
    /// What stands before the next piece.
    private var start: TextStart

    init(tokenizer: Tokenizer, imageToken: ImageToken?, start: TextStart = .nothing) {
        self.tokenizer = tokenizer
        self.imageToken = imageToken
        self.start = start
    }

    /// Appends texts, each two of which have an image between them.
    mutating func append(_ texts: [String]) {
        let search = TokenSearch(textID: imageToken?.id)
        for (index, text) in texts.enumerated() {
            if index > 0, let imageToken {
                ids.append(imageToken.id)
                images += 1
                start = .token
            }
            start = tokenizer.encode(text, search, from: start, into: &ids)
        }
    }
}
