import FileFormats
import Foundation
import Records

extension Tokenizer {
    /// The tokenizer with one more special token, which gets the next id; the tokenizer itself where
    /// it has such a token.
    ///
    /// - Throws: `TokenizerError` when the text is empty, or one of the tokens that merges make.
    public func adding(
        special text: String
    ) throws(TokenizerError) -> (tokenizer: Tokenizer, id: Int) {
        if let id = added.all.first(where: { $0.text.utf8.elementsEqual(text.utf8) })?.id {
            return (self, id)
        }
        guard !text.isEmpty, vocabulary.id(ofText: text) == nil else {
            throw TokenizerError(
                source: "tokenizer", item: text, reason: "cannot be added as a special token")
        }
        var parts = self.parts
        let id = parts.vocabulary.count
        parts.vocabulary.append(text, kind: .special)
        parts.added.append(AddedToken(id: id, text: text, isSpecial: true))
        return (Tokenizer(parts), id)
    }

    /// Writes the tokenizer as a Hugging Face folder has it: `tokenizer.json` and
    /// `tokenizer_config.json`, and `chat_template.jinja`, where processors look for it, when images
    /// are read.
    ///
    /// `AutoTokenizer` of transformers and `Tokenizer(folder:)` read the same ids from it.
    ///
    /// - Parameters:
    ///   - folder: Where the files are put; it must be there.
    ///   - imageToken: What stands for an image, where the model reads images.
    /// - Throws: `TokenizerError` when a file cannot be written, or two tokens are written alike,
    ///   which `tokenizer.json` cannot tell apart.
    public func write(to folder: URL, imageToken: ImageToken? = nil) throws(TokenizerError) {
        let file = folder.appending(path: "tokenizer.json")
        try checkTexts(source: file.path)
        let settings = folder.appending(path: "tokenizer_config.json")
        let configuration = TokenizerConfigurationFile(tokenizer: self, imageToken: imageToken)
        do {
            try AtomicFile.write(to: file) { sink in
                try TokenizerJSONFile(tokenizer: self).write(to: sink)
            }
            try AtomicFile.write(JSONPiece.text(configuration.value) + "\n", to: settings)
            if imageToken != nil, let chatTemplate {
                try AtomicFile.write(
                    chatTemplate.source, to: folder.appending(path: "chat_template.jinja"))
            }
        } catch {
            throw TokenizerError(error)
        }
    }

    private var parts: TokenizerParts {
        TokenizerParts(
            vocabulary: vocabulary, encoder: encoder, preTokenizer: preTokenizer,
            normalizer: normalizer, stripsFirstSpace: stripsFirstSpace, added: added.all,
            prefix: prefix, suffix: suffix,
            specials: SpecialIDs(bos: bosID, eos: eosID, pad: padID, unk: unkID),
            chatTemplate: chatTemplate)
    }

    private func checkTexts(source: String) throws(TokenizerError) {
        for id in 0..<vocabularySize {
            guard let text = token(for: id) else { continue }
            guard !text.isEmpty, self.id(for: text) == id else {
                throw TokenizerError(
                    source: source, item: "token \(id)", reason: "is written as another one is")
            }
        }
    }
}
