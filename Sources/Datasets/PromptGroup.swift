import Records

/// A prompt and completions of it: a chosen and a rejected answer, or the samples of one rollout.
public struct PromptGroup: Sendable, Hashable {
    /// Ids of the vocabulary, one at least.
    public let prompt: [Int32]
    /// Ids of the tokens that follow the prompt, one at least in each.
    public let completions: [[Int32]]
    /// The id of the record that the prompt is from.
    public let id: String
    /// In the order of their tokens, all in the prompt, with its rows.
    public let images: [PlacedImage]

    /// - Precondition: neither the prompt nor a completion is empty.
    public init(
        prompt: [Int32], completions: [[Int32]], id: String, images: [PlacedImage] = []
    ) {
        precondition(!prompt.isEmpty, "a prompt without tokens")
        precondition(completions.allSatisfy { !$0.isEmpty }, "a completion without tokens")
        self.prompt = prompt
        self.completions = completions
        self.id = id
        self.images = images
    }

    /// The number of tokens that go through the model: the prompt's once.
    public var tokenCount: Int { completions.reduce(prompt.count) { $0 + $1.count } }
}

extension PackedBatch {
    /// Puts groups one after another: each prompt once, then its completions, which are labelled
    /// whole.
    ///
    /// Targets follow the order of the completions, and in each that of its tokens.
    public init(groups: [PromptGroup]) {
        var layout = GroupLayout()
        for group in groups { layout.add(group) }
        tokenIDs = groups.flatMap { $0.prompt + $0.completions.joined() }
        positions = layout.positions
        sequenceLengths = layout.lengths
        prefixes = layout.prefixes
        labels = layout.labels
        exampleIDs = groups.map(\.id)
        completionLengths = groups.flatMap { $0.completions.map(\.count) }
        targets = Targets(
            positions: layout.sources, tokenIDs: groups.flatMap { $0.completions.joined() })
        images = Self.flat(groups.map { ($0.images, $0.tokenCount) })
    }
}

/// Where the tokens of groups come to lie.
private struct GroupLayout {
    var positions: [Int32] = []
    var lengths: [Int] = []
    var prefixes: [Int] = []
    var labels: [Bool] = []
    /// Row that predicts each labelled token.
    var sources: [Int32] = []

    mutating func add(_ group: PromptGroup) {
        let (prompt, length) = (lengths.count, group.prompt.count)
        addSequence(length, from: 0, continuing: -1)
        let last = Int32(labels.count - 1)
        for completion in group.completions {
            let first = Int32(labels.count)
            sources.append(last)
            sources += first..<(first + Int32(completion.count) - 1)
            addSequence(completion.count, from: length, continuing: prompt)
        }
    }

    private mutating func addSequence(_ length: Int, from position: Int, continuing prefix: Int) {
        positions += (position..<(position + length)).map { Int32($0) }
        lengths.append(length)
        prefixes.append(prefix)
        labels += repeatElement(prefix >= 0, count: length)
    }
}
