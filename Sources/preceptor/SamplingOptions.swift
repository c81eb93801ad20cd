import ArgumentParser
import Generation

/// How answers are drawn.
struct SamplingOptions: ParsableArguments {
    @Option(help: "Randomness; 0 always takes the most probable token.")
    var temperature = 0.0

    @Option(help: "Keep only the k most probable tokens; 0 keeps all.")
    var topK = 0

    @Option(help: "Keep the most probable tokens up to this total probability.")
    var topP = 1.0

    @Option(help: "Keep tokens at least this probable, as a share of the most probable one.")
    var minP = 0.0

    @Option(help: "Above 1, makes tokens that already occurred less likely.")
    var repetitionPenalty = 1.0

    @Option(help: "Longest answer, in tokens.")
    var maxTokens = 256

    @Option(help: "A text that ends the answer; may be given several times.")
    var stop: [String] = []

    @Option(help: "Seed of the random draws.")
    var seed: UInt64 = 0

    func settings() throws -> SamplingSettings {
        try SamplingSettings(
            temperature: temperature, topK: topK, topP: topP, minP: minP,
            repetitionPenalty: repetitionPenalty, maximumTokens: maxTokens, stopStrings: stop,
            seed: seed
        ).validated()
    }
}
