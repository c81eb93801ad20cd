import Records
import Testing

@testable import CaseBank

@Suite struct MessageTests {
    let item = CaseItem(
        id: "x",
        split: .train,
        vignette: "A 54-year-old man has a sign.",
        question: "What is it?",
        options: [
            .init(letter: "A", text: "Gout"), .init(letter: "B", text: "Pulmonary embolism"),
        ],
        answer: "B",
        diagnosis: "Pulmonary embolism",
        synonyms: ["PE"],
        specialty: "testing",
        conditionID: "pulmonary-embolism",
        findingIDs: ["sign"],
        investigation: "Test",
        keyFindings: ["sudden breathlessness", "a filling defect"],
        diagnosisInText: "pulmonary embolism"
    )

    @Test func thinking() {
        #expect(item.thinkingMessages.map(\.role) == ["system", "user", "assistant"])
        #expect(
            item.thinkingMessages[1].content == """
                A 54-year-old man has a sign.

                What is it?
                A. Gout
                B. Pulmonary embolism
                """
        )
        #expect(
            item.thinkingMessages[2].content == """
                <think> Sudden breathlessness and a filling defect point to pulmonary embolism. \
                </think> <answer> B </answer>
                """
        )
    }

    @Test func multipleChoice() {
        #expect(
            item.prompt == """
                A 54-year-old man has a sign.

                What is it?
                A. Gout
                B. Pulmonary embolism

                Name the key findings in one sentence, then end with \
                "Answer: <letter>. <diagnosis>".
                """
        )
        #expect(
            item.completion == """
                Sudden breathlessness and a filling defect point to pulmonary embolism.
                Answer: B. Pulmonary embolism
                """
        )
        #expect(
            item.messages == [
                Message(role: "user", content: item.prompt),
                Message(role: "assistant", content: item.completion),
            ]
        )
    }

    @Test func open() {
        #expect(!item.openPrompt.contains("Gout"))
        #expect(item.openCompletion.hasSuffix("pulmonary embolism.\nDiagnosis: Pulmonary embolism"))
        #expect(item.openMessages.map(\.role) == ["user", "assistant"])
        #expect(item.openMessages.map(\.content) == [item.openPrompt, item.openCompletion])
    }

    /// Short completions keep training cheap; the key findings stand in the vignette.
    @Test func completionsAreShortAndGrounded() throws {
        let bank = try SharedCases.bank()
        let matcher = try SharedCases.matcher()
        for item in try bank.generate(split: .train, count: 1000, seed: 12) {
            #expect(item.completion.split(whereSeparator: \.isWhitespace).count < 45, "\(item.id)")
            #expect((2...3).contains(item.keyFindings.count))
            #expect(item.keyFindings.allSatisfy(item.vignette.contains), "\(item.id)")
            #expect(item.completion.hasSuffix("\nAnswer: \(item.answer). \(item.diagnosis)"))
            #expect(matcher.asserts(item.conditionID, in: item.completion), "\(item.id)")
            #expect(matcher.asserts(item.conditionID, in: item.openCompletion), "\(item.id)")
            #expect(matcher.verdict(on: item.vignette) != .asserted(item.conditionID))
        }
    }
}
