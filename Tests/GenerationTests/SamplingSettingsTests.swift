import Testing

@testable import Generation

struct SamplingSettingsTests {
    @Test(arguments: [
        (SamplingSettings(temperature: -0.1), "temperature must be 0, or from 0.0001 to 1000000"),
        (SamplingSettings(temperature: 1e-9), "temperature must be 0, or from 0.0001 to 1000000"),
        (SamplingSettings(temperature: .nan), "temperature must be 0, or from 0.0001 to 1000000"),
        (
            SamplingSettings(temperature: .infinity),
            "temperature must be 0, or from 0.0001 to 1000000"
        ),
        (SamplingSettings(topK: -1), "top-k must be 0 or more"),
        (SamplingSettings(topP: 0), "top-p must be above 0 and at most 1"),
        (SamplingSettings(topP: 1.01), "top-p must be above 0 and at most 1"),
        (SamplingSettings(topP: .nan), "top-p must be above 0 and at most 1"),
        (SamplingSettings(minP: -0.1), "min-p must be at least 0 and below 1"),
        (SamplingSettings(minP: 1), "min-p must be at least 0 and below 1"),
        (SamplingSettings(repetitionPenalty: 0), "repetition-penalty must be from 0.001 to 1000"),
        (
            SamplingSettings(repetitionPenalty: .infinity),
            "repetition-penalty must be from 0.001 to 1000"
        ),
        (SamplingSettings(maximumTokens: 0), "max-tokens must be 1 or more"),
        (
            SamplingSettings(minimumTokens: 3, maximumTokens: 2),
            "min-tokens must be at least 0 and at most max-tokens"
        ),
        (SamplingSettings(stopStrings: ["a", ""]), "stop must not be an empty text"),
    ])
    func outOfRange(settings: SamplingSettings, message: String) {
        let error = #expect(throws: GenerationError.self) { try settings.validated() }
        #expect(error?.description == message)
    }

    @Test(arguments: [
        SamplingSettings(), .greedy(), SamplingSettings(temperature: 1e-4, topP: 1e-3, minP: 0.99),
    ])
    func inRange(settings: SamplingSettings) throws {
        #expect(try settings.validated() == settings)
    }
}
