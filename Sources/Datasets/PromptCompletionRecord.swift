import Records

/// A prompt and the completion whose log-probabilities `preceptor score` tells.
public struct PromptCompletionRecord: DatasetRecord, Hashable {
    /// The column `id`, if there is one.
    public let id: String?
    /// Where the record begins, counted from 1.
    public let line: Int
    /// What the completion answers, plain or conversational.
    public let prompt: Turns
    /// Plain when `prompt` is plain, conversational when it is conversational.
    public let completion: Turns
    /// In the order of their places in the prompt.
    public let images: [ImageReference]

    /// A record made in the program.
    public init(
        id: String?, line: Int, prompt: Turns, completion: Turns, images: [ImageReference] = []
    ) {
        self.id = id
        self.line = line
        self.prompt = prompt
        self.completion = completion
        self.images = images
    }

    /// Reads the columns `prompt` and `completion`, and those of images; others are left alone.
    public init(_ source: RecordSource) throws(RecordFault) {
        let images = try source.images(turns: ["prompt"])
        let prompt = try source.turns("prompt").placing(images: images.count)
        let completion = try source.turns("completion")
            .withoutImagePlaces(images: images.count)
        guard prompt.isConversational == completion.isConversational else {
            throw .mixedPromptAndCompletion
        }
        if case .messages(let turns) = completion { try Self.check(turns) }
        self.init(
            id: source.id, line: source.line, prompt: prompt, completion: completion,
            images: images)
    }

    private static func check(_ completion: [Message]) throws(RecordFault) {
        guard completion.hasAnswer else { throw .noAssistantTurn }
        guard completion.first?.role == "assistant" else {
            throw .wrongShape(column: "completion", expected: "begun by the assistant")
        }
    }
}
