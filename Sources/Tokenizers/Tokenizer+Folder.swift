import Foundation

extension Tokenizer {
    /// Reads the tokenizer of a Hugging Face folder: `tokenizer.json`, or `vocab.json` with
    /// `merges.txt`, or `tokenizer.model`, SentencePiece's or Llama 3's; with `tokenizer_config.json`,
    /// `special_tokens_map.json` and the chat template in any of its places.
    ///
    /// - Throws: `TokenizerError` with the file and the member of it at fault.
    public init(folder: URL) throws(TokenizerError) {
        let folder = try TokenizerFolder(url: folder)
        if folder.has("tokenizer.json") {
            self.init(try TokenizerJSONReader(folder: folder).parts())
        } else if folder.has("vocab.json"), folder.has("merges.txt") {
            self.init(try VocabularyFilesReader(folder: folder).parts())
        } else if folder.has("tokenizer.model") {
            let file = try folder.file("tokenizer.model")
            self.init(
                SentencePieceReader.isModel(file)
                    ? try SentencePieceReader(folder: folder).parts(file)
                    : try TiktokenReader(folder: folder).parts(file))
        } else {
            throw TokenizerError(
                source: folder.url.path,
                reason: "has none of tokenizer.json, vocab.json with merges.txt, tokenizer.model"
            )
        }
    }
}
