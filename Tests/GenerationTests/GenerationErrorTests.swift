import Generation
import Testing

/// Requests that cannot be served.
@Suite(.serialized, .enabled(if: RealModel.isPresent, RealModel.reason))
struct GenerationErrorTests {
    private let real: RealModel

    init() throws { real = try RealModel() }

    private func error(_ requests: [GenerationRequest]) -> String? {
        let error = #expect(throws: GenerationError.self) {
            try GenerationEngine(real.model).generate(requests)
        }
        return error?.description
    }

    @Test func promptsThatDoNotFit() throws {
        let fine = GenerationRequest(tokens: [1, 2])
        #expect(error([fine, GenerationRequest(tokens: [])]) == "prompt 2 has no tokens")
        let limit = real.model.decoder.configuration.maximumPositions
        let long = GenerationRequest(tokens: Array(repeating: 1, count: limit))
        #expect(
            error([long]) == "prompt 1 has 8192 tokens; the model takes 8192, answer included"
        )
        #expect(
            error([GenerationRequest(tokens: [1], samples: 0)]) == "samples must be 1 or more"
        )
    }

    @Test func settingsAreChecked() {
        #expect(throws: GenerationError.self) {
            try real.generate([GenerationRequest(tokens: [1])], SamplingSettings(topP: 2))
        }
    }

    @Test func nothingAskedNothingAnswered() throws {
        #expect(try real.generate([], .greedy()).isEmpty)
    }
}
