import Foundation
import Generation
import Testing

/// How answers end, and what was streamed until then.
@Suite(.serialized, .enabled(if: RealModel.isPresent, RealModel.reason))
struct AnswerEndTests {
    private let real: RealModel

    init() throws { real = try RealModel() }

    @Test func endOfTurnEndsAnAnswer() throws {
        let answer = try real.greedy(
            real.prompt("What is 2+2? Answer with one number."),
            64
        )
        #expect(answer.finishReason == .stop && answer.tokenIDs.count < 64)
        let last = try #require(answer.tokenIDs.last)
        #expect(real.model.stopIDs.contains(Int(last)))
        #expect(answer.tokenIDs.dropLast().allSatisfy { !real.model.stopIDs.contains(Int($0)) })
        #expect(answer.logProbabilities.count == answer.tokenIDs.count)
        #expect(answer.text.contains("4") && !answer.text.contains("<|"))
    }

    @Test func limitEndsAnAnswer() throws {
        let prompt = try real.prompts()[2]
        let long = try real.greedy(prompt, 12)
        for count in [1, 5, 12] {
            let answer = try real.greedy(prompt, count)
            #expect(answer.finishReason == .length)
            #expect(answer.tokenIDs == Array(long.tokenIDs.prefix(count)))
        }
    }

    /// Stop strings of four characters that begin in one token and end in another.
    @Test func stopStringsAcrossTokens() throws {
        let prompt = try real.prompts()[2]
        let whole = try real.greedy(prompt, 32)
        let pieces = whole.tokenIDs.map { real.model.encoding.decode([$0]) }
        var tried = 0
        for border in stride(from: 4, to: 24, by: 5) {
            let before = pieces[..<border].joined()
            let stop = String((before.suffix(2) + pieces[border...].joined().prefix(2)))
            var settings = SamplingSettings.greedy(maximumTokens: 32)
            settings.stopStrings = ["never in it", stop]
            var stream = Stream()
            let answer = try #require(
                try real.generate([GenerationRequest(tokens: prompt)], settings) { event in
                    stream.add(event)
                    return true
                }.first?.first
            )
            let end = try #require(whole.text.range(of: stop)?.lowerBound)
            #expect(answer.text == String(whole.text[..<end]))
            #expect(answer.finishReason == .stop)
            #expect(answer.tokenIDs.count <= border + 2)
            #expect(stream.text(of: answer) == answer.text)
            tried += 1
        }
        #expect(tried == 4)
    }

    @Test func streamedPiecesAreTheText() throws {
        let requests = try real.prompts().map { GenerationRequest(tokens: $0, samples: 3) }
        var settings = SamplingSettings(temperature: 1.2, maximumTokens: 24, seed: 3)
        settings.stopStrings = [". ", "\n"]
        var stream = Stream()
        let answers = try real.generate(requests, settings, width: 4) { event in
            stream.add(event)
            return true
        }
        for answer in answers.flatMap({ $0 }) {
            #expect(stream.text(of: answer) == answer.text)
            #expect(!answer.text.contains(". ") && !answer.text.contains("\n"))
            #expect(stream.pieces[[answer.prompt, answer.sample]]?.count == answer.tokenIDs.count)
        }
    }

    @Test func cancellingEndsEverything() throws {
        let requests = try real.prompts().map { GenerationRequest(tokens: $0, samples: 2) }
        var stream = Stream()
        var events = 0
        let settings = SamplingSettings(maximumTokens: 200, seed: 1)
        let answers = try real.generate(requests, settings, width: 3) { event in
            stream.add(event)
            events += 1
            return events < 10
        }
        #expect(events == 10)
        let begun = answers.flatMap { $0 }
        #expect(begun.contains { $0.finishReason == .cancelled })
        #expect(begun.allSatisfy { stream.text(of: $0) == $0.text && $0.tokenIDs.count < 200 })
    }
}
