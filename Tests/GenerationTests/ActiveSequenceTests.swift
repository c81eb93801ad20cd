import Testing

@testable import Generation

/// One answer in the making, fed with chosen tokens.
@Suite(.serialized, .enabled(if: RealModel.isPresent, RealModel.reason))
struct ActiveSequenceTests {
    private let real: RealModel

    init() throws { real = try RealModel() }

    private func sequence(
        _ settings: SamplingSettings,
        prompt: [Int32] = [1]
    ) -> ActiveSequence {
        let pending = PendingSample(
            id: RequestID(number: 1),
            request: GenerationRequest(tokens: prompt, settings: settings),
            sample: 0,
            adapter: nil
        )
        let limit = real.model.decoder.configuration.maximumPositions
        return ActiveSequence(pending, slot: 1, model: real.model, capacity: limit)
    }

    private func ids(_ text: String) -> [Int32] {
        real.model.encoding.encode(text, beginning: false)
    }

    /// Characters of two to four bytes come out whole, in the order of the text.
    @Test func charactersAreNeverBroken() {
        let text = "naïve 漢字 🩺👩🏽‍⚕️ ок"
        let ids = ids(text)
        #expect(ids.count > text.unicodeScalars.count / 2)
        var sequence = sequence(.greedy(maximumTokens: 1000))
        let pieces = ids.map { sequence.append($0, 0).text }
        #expect(pieces.contains(""))
        #expect(pieces.allSatisfy { !$0.unicodeScalars.contains("\u{FFFD}") })
        #expect(pieces.joined() == text)
    }

    /// The model's longest sequence ends an answer before its own limit does.
    @Test func longestSequence() {
        let limit = real.model.decoder.configuration.maximumPositions
        let prompt = [Int32](repeating: 1, count: limit - 2)
        var sequence = sequence(.greedy(maximumTokens: 8), prompt: prompt)
        _ = sequence.append(ids("a")[0], 0)
        #expect(!sequence.isFinished && sequence.position == limit - 2)
        let last = sequence.append(ids("b")[0], 0)
        #expect(sequence.isFinished && last.finishReason == .length)
    }

    /// A limit within a character: what had begun is shown as U+FFFD, once.
    @Test func limitWithinACharacter() {
        let ids = ids("🩺")
        #expect(ids.count > 1)
        var sequence = sequence(.greedy(maximumTokens: ids.count - 1))
        let pieces = ids.dropLast().map { sequence.append($0, 0).text }
        #expect(sequence.finishReason == .length)
        #expect(pieces.dropLast().allSatisfy(\.isEmpty) && pieces.last == "\u{FFFD}")
    }

    /// A stop string that only began is given out when the answer ends otherwise.
    @Test func heldBackTextComesAtTheEnd() throws {
        var settings = SamplingSettings.greedy(maximumTokens: 100)
        settings.stopStrings = ["\n\nQuestion:"]
        for (text, expected) in [("Yes.\n\nQuest", "Yes.\n\nQuest"), ("No.\n\nQuestion: 2", "No.")]
        {
            var sequence = sequence(settings)
            var streamed = ""
            for id in ids(text) where !sequence.isFinished {
                streamed += sequence.append(id, 0).text
            }
            let end = try #require(real.model.stopIDs.first)
            if !sequence.isFinished { streamed += sequence.append(Int32(end), 0).text }
            #expect(sequence.finishReason == .stop)
            #expect(streamed == expected)
        }
    }
}
