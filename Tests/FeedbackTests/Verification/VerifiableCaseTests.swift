import Answers
import Testing

@testable import Feedback

@Suite struct VerifiableCaseTests {
    let options = [
        AnswerOption(label: "A", text: "Asthma"), AnswerOption(label: "B", text: "Croup"),
    ]

    @Test(arguments: ["B", "b", " B ", "Croup", "croup"])
    func theAnswerIsALetterOrAText(answer: String) throws {
        let verifiable = try VerifiableCase(question: "?", options: options, answer: answer)
        #expect(verifiable.rightLetter == "B")
        #expect(verifiable.names == ["Croup"])
        #expect(!verifiable.hasDiagnosis)
    }

    @Test func namesAreKeptOnce() throws {
        let verifiable = try VerifiableCase(
            question: "?", answer: "Croup", diagnosis: " Croup ", synonyms: ["LTB", "", " - "])
        #expect(verifiable.names == ["Croup", "LTB"])
        #expect(verifiable.rightLetter == nil && verifiable.hasDiagnosis)
    }

    @Test func refusesAnAnswerThatIsNoOption() {
        let error = FeedbackError.invalid(field: "answer", reason: "is none of the options")
        #expect(throws: error) {
            try VerifiableCase(question: "?", options: options, answer: "Gout")
        }
    }

    @Test func refusesALetterTwice() {
        let twice = options + [AnswerOption(label: "b", text: "Gout")]
        #expect(throws: FeedbackError.invalid(field: "options", reason: "two have the same letter"))
        {
            try VerifiableCase(question: "?", options: twice, answer: "A")
        }
    }

    @Test func refusesAnOpenQuestionWithoutAnAnswer() {
        #expect(throws: FeedbackError.invalid(field: "answer", reason: "has no words to look for"))
        {
            try VerifiableCase(question: "?", answer: " ?", diagnosis: "")
        }
    }
}

@Suite struct LetterReadingTests {
    @Test(arguments: [
        ("not (B)", "not  optionb "), ("Answer: B.", "Answer: optionb."), ("B-cell, NB, B12", nil),
        ("A patient in group A.", "A patient in group optiona."), ("A or B", "optiona or optionb"),
        ("[A] I think (C)", " optiona  I think (C)"), ("B", "optionb"), ("(B", "(optionb"),
        ("a b", nil), ("", nil),
    ])
    func spellsLettersOut(text: String, spelledOut: String?) {
        #expect(LetterReading(letters: ["A", "B"]).spelledOut(text) == spelledOut ?? text)
    }
}
