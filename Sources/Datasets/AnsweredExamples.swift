// Prompts with an answer behind them, as what scores whole sequences reads them.

extension TokenizedPrompt {
    /// The prompt and an answer, whose tokens are labelled.
    public func answered(_ answer: [Int32]) -> TokenizedExample {
        TokenizedExample(
            id: id, line: line, identity: identity, tokenIDs: tokens + answer,
            labels: tokens.map { _ in false } + answer.map { _ in true }, images: images)
    }
}

extension TokenizedPair {
    /// The two sequences, the chosen one first.
    public var examples: [TokenizedExample] {
        [chosen, rejected].map { answer in
            TokenizedExample(
                id: id, line: line, identity: identity, tokenIDs: prompt + answer,
                labels: prompt.map { _ in false } + answer.map { _ in true }, images: images)
        }
    }
}
