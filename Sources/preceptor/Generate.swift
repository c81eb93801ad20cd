import ArgumentParser
import Generation
import Records

/// `preceptor generate`
struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer prompts, with the log-probabilities of every token if asked.",
        discussion: "Example: preceptor generate --prompt 'What is hypertension?'")

    @OptionGroup var model: ModelOptions
    @OptionGroup var sampling: SamplingOptions

    @Option(help: "A prompt; may be given several times.")
    var prompt: [String]

    @OptionGroup var images: ImageOptions

    @Option(help: "A system message before each prompt.")
    var system: String?

    @Option(help: "Answers to each prompt.")
    var samples = 1

    @Flag(help: "Continue the prompt as plain text, without the chat template.")
    var plain = false

    @Flag(help: "Print JSON with tokens, log-probabilities and timings.")
    var json = false

    func validate() throws {
        if prompt.isEmpty { throw ValidationError("--prompt is missing") }
        try NumberRange.require(samples, "--samples", 1..., most: 100_000)
    }

    func run() throws {
        let settings = try sampling.settings()
        let model = try model.load()
        let engine = GenerationEngine(model)
        let references = try images.references(for: model)
        let requests = try prompt.map { text in
            try model.request(
                turns(text, model), images: references, samples: samples, settings: settings)
        }
        let streams = !json && requests.count == 1 && samples == 1
        let answers = try engine.generate(requests) { token in
            if streams { Output.print(token.text, terminator: "") }
            return true
        }
        if json { return try printJSON(answers, engine.timings) }
        if streams { return Output.print("") }
        for (index, completions) in answers.enumerated() {
            for completion in completions {
                Output.print("--- prompt \(index + 1), sample \(completion.sample + 1)")
                Output.print(completion.text)
            }
        }
    }

    private func turns(_ text: String, _ model: LanguageModel) -> Turns {
        if plain || model.tokenizer.chatTemplate == nil { return .text(text) }
        let system = system.map { [Message(role: "system", content: $0)] } ?? []
        return .messages(system + [Message(role: "user", content: text)])
    }

    private func printJSON(_ answers: [[Completion]], _ timings: GenerationTimings) throws {
        let reports = answers.flatMap { $0 }.map { GenerationReport($0, timings) }
        if reports.count == 1 { try Output.json(reports[0]) } else { try Output.json(reports) }
    }
}

/// One answer as `--json` prints it.
struct GenerationReport: Encodable {
    struct Timings: Encodable {
        let firstTokenSeconds: Double
        let prefillTokensPerSecond: Double
        let decodeTokensPerSecond: Double

        enum CodingKeys: String, CodingKey {
            case firstTokenSeconds = "first_token_seconds"
            case prefillTokensPerSecond = "prefill_tokens_per_second"
            case decodeTokensPerSecond = "decode_tokens_per_second"
        }
    }

    let prompt: Int
    let sample: Int
    let text: String
    let tokenIDs: [Int32]
    let logProbabilities: [Float]
    let finishReason: FinishReason
    let timings: Timings

    enum CodingKeys: String, CodingKey {
        case prompt, sample, text, timings
        case tokenIDs = "token_ids"
        case logProbabilities = "logprobs"
        case finishReason = "finish_reason"
    }

    init(_ completion: Completion, _ timings: GenerationTimings) {
        prompt = completion.prompt
        sample = completion.sample
        text = completion.text
        tokenIDs = completion.tokenIDs
        logProbabilities = completion.logProbabilities
        finishReason = completion.finishReason
        self.timings = Timings(
            firstTokenSeconds: timings.firstTokenSeconds,
            prefillTokensPerSecond: timings.prefillTokensPerSecond,
            decodeTokensPerSecond: timings.decodeTokensPerSecond)
    }
}
