import FileFormats

/// Reads `tokenizer.model`, a SentencePiece model, with what `tokenizer_config.json` says of it.
///
/// Neighbours merge that form a piece, those of the highest score first, the leftmost of equals, as
/// in SentencePiece itself. (transformers 5 makes merges from such a file without the scores, and
/// leaves out the space before a text where it does not know the model by its class.)
struct SentencePieceReader {
    let folder: TokenizerFolder

    /// Whether a file is a SentencePiece model; Llama 3's of the same name is text.
    static func isModel(_ file: MappedFile) -> Bool {
        // The tag of the first piece; base64 has no line break.
        file.bytes.first == 0x0A
    }

    func parts(_ file: MappedFile) throws(TokenizerError) -> TokenizerParts {
        let model = try SentencePieceModel(file)
        let added = try addedTokens(model)
        var map = VocabularyMap(
            model.pieces.map { ($0.text, $0.type.kind) }, source: file.path)
        try map.add(added)
        let vocabulary = map.vocabulary(spelling: .sentencePiece)
        let scheme = SentencePieceScheme(
            hasPrefix: model.addsPrefix
                && folder.configuration["add_prefix_space"]?.bool ?? true,
            isLegacy: folder.configuration["legacy"]?.bool ?? true,
            hasBytes: model.hasBytes)
        let specials = try specialIDs(model, vocabulary)
        let fallback = CharacterFallback(
            vocabulary: vocabulary, hasBytes: model.hasBytes, unknown: specials.unk,
            fusesUnknown: true)
        var parts = TokenizerParts(
            vocabulary: vocabulary,
            encoder: BytePairEncoder(
                vocabulary: vocabulary,
                merges: merges(model, vocabulary),
                keepsWholeWords: false,
                alphabet: .characters(fallback)
            ),
            preTokenizer: scheme.preTokenizer,
            normalizer: scheme.normalizer,
            stripsFirstSpace: scheme.stripsFirstSpace,
            added: added,
            specials: specials
        )
        if folder.configuration["add_bos_token"]?.bool ?? true {
            parts.prefix = [specials.bos].compactMap { $0 }
        }
        if folder.configuration["add_eos_token"]?.bool ?? false {
            parts.suffix = [specials.eos].compactMap { $0 }
        }
        parts.chatTemplate = try folder.chatTemplate(specials.templateVariables(vocabulary))
        return parts
    }

    /// The model's own that no merge makes, and those of `tokenizer_config.json`.
    private func addedTokens(_ model: SentencePieceModel) throws(TokenizerError) -> [AddedToken] {
        let configured = try folder.addedTokens()
        let known = Set(configured.map(\.id))
        let own = model.pieces.enumerated().compactMap { id, piece -> AddedToken? in
            switch piece.type {
            case .unknown, .control: AddedToken(id: id, text: piece.text, isSpecial: true)
            case .userDefined: AddedToken(id: id, text: piece.text, isSpecial: false)
            case .normal, .byte, .unused: nil
            }
        }
        return own.filter { !known.contains($0.id) } + configured
    }

    /// Those of the configuration, else the model's.
    private func specialIDs(
        _ model: SentencePieceModel, _ vocabulary: Vocabulary
    ) throws(TokenizerError) -> SpecialIDs {
        var specials = try folder.specialIDs(vocabulary)
        func own(_ id: Int) -> Int? { model.pieces.indices.contains(id) ? id : nil }
        specials.bos = specials.bos ?? own(model.roles.bos)
        specials.eos = specials.eos ?? own(model.roles.eos)
        specials.unk = specials.unk ?? own(model.roles.unk)
        specials.pad = specials.pad ?? own(model.roles.pad)
        return specials
    }

    /// Every way to cut a piece into two pieces; all of a piece have the rank of its score.
    private func merges(_ model: SentencePieceModel, _ vocabulary: Vocabulary) -> MergeTable {
        let scores = Set(model.pieces.map(\.score)).sorted(by: >)
        let ranks = Dictionary(
            uniqueKeysWithValues: scores.enumerated().map { ($0.element, $0.offset) })
        var pairs: [(left: Int, right: Int, rank: Int, id: Int)] = []
        for (id, piece) in model.pieces.enumerated() where piece.type == .normal {
            let rank = ranks[piece.score] ?? 0
            for (left, right) in cuts(piece.text, vocabulary) {
                pairs.append((left, right, rank, id))
            }
        }
        var table = MergeTable(capacity: pairs.count)
        for pair in pairs { table.insert(pair.left, pair.right, rank: pair.rank, id: pair.id) }
        return table
    }

    private func cuts(_ text: String, _ vocabulary: Vocabulary) -> [(left: Int, right: Int)] {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBufferPointer { bytes in
            bytes.indices.dropFirst().compactMap { cut in
                guard bytes[cut] & 0xC0 != 0x80,
                    let left = normal(bytes[..<cut], vocabulary),
                    let right = normal(bytes[cut...], vocabulary)
                else { return nil }
                return (left, right)
            }
        }
    }

    private func normal(
        _ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ vocabulary: Vocabulary
    ) -> Int? {
        vocabulary.id(of: UnsafeBufferPointer(rebasing: bytes))
            .flatMap { vocabulary.kind(of: $0) == .normal ? $0 : nil }
    }
}

extension SentencePieceModel.PieceType {
    fileprivate var kind: TokenKind {
        switch self {
        case .normal, .unused: .normal
        case .byte: .byte
        case .userDefined: .added
        case .unknown, .control: .special
        }
    }
}
