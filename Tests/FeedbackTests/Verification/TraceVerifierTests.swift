import Answers
import CaseBank
import Testing

@testable import Feedback

@Suite struct TraceVerifierTests {
    static let options = [
        AnswerOption(label: "A", text: "Pneumonia"),
        AnswerOption(label: "B", text: "Pulmonary embolism"),
        AnswerOption(label: "C", text: "Asthma"),
        AnswerOption(label: "D", text: "Spontaneous pneumothorax"),
    ]
    let bank: CaseBank
    let choice: TraceVerifier
    let open: TraceVerifier

    init() throws {
        bank = try CaseBank.bundled()
        let embolism = try VerifiableCase(
            question: "Sudden dyspnoea after a long flight?", options: Self.options, answer: "B",
            diagnosis: "Pulmonary embolism", synonyms: ["PE"])
        choice = TraceVerifier(embolism, bank: bank)
        let gitelman = try VerifiableCase(
            question: "Low potassium and magnesium?", answer: "Gitelman syndrome",
            synonyms: ["familial hypokalaemia-hypomagnesaemia"])
        open = TraceVerifier(gitelman, bank: bank)
    }

    @Test(arguments: [
        "Answer: B", "The answer is (B) pulmonary embolism.", "<answer>B</answer>",
        "Answer: B. Asthma is unlikely with clear lungs.", "It is not (A). Answer: B.",
        "Option B is unlikely at first glance. The scan settles it.\nAnswer: B",
        "Pulmonary embolism explains the findings.", "Not pneumonia but a PE.",
        "The final diagnosis is PE.", "Diagnosis: lung clot", "B) Pulmonary embolism",
        "It is not pneumonia. It is a pulmonary embolism (B).",
        "A patient with a swollen calf: the best choice is B, not C or D.",
    ])
    func correctChoices(text: String) {
        #expect(choice.verification(of: text, truncated: false) == .correct)
    }

    @Test(arguments: [
        ("Answer: C", "chooses option C"), ("(D)", "chooses option D"),
        ("It is pneumonia, not pulmonary embolism.", "chooses option A"),
        ("Pulmonary embolism fits.\nAnswer: A", "chooses option A"),
        ("Final diagnosis: gout.", "claims another diagnosis"),
        ("Final diagnosis: a ruptured spleen.", "announces an answer that is not the case's"),
    ])
    func wrongChoices(text: String, reason: String) {
        let result = choice.verification(of: text, truncated: false)
        #expect(result == Verification(.wrong, reason))
    }

    @Test(arguments: [
        "The answer is A or B.", "Pneumonia or pulmonary embolism.", "(A) or (B)",
        "(B) fits. On reflection, (B) is excluded.", "Pulmonary embolism cannot be ruled out.",
    ])
    func ambiguousChoices(text: String) {
        #expect(choice.verification(of: text, truncated: false).verdict == .ambiguous)
    }

    @Test(arguments: [
        "", " \n", "...", "Not (B).", "It is not (B)!", "Pulmonary embolism (B) is unlikely.",
        "This is not pulmonary embolism.", "I do not know.", "The calf is swollen.",
        "The answer is B. No, the answer is not B.",
    ])
    func missingChoices(text: String) {
        #expect(choice.verification(of: text, truncated: false).verdict == .missing)
    }

    @Test(arguments: [
        ("Pulmonary embolism is possible, and", TraceVerdict.missing),
        ("(B) is possible, and (", .missing), ("Answer", .missing), ("The answer is", .missing),
        ("Answer: B. The scan shows", .correct),
        ("The diagnosis is pulmonary embolism. The", .correct),
        ("Answer: C. The scan shows", .wrong), ("<answer>B</answer> because", .correct),
    ])
    func cutOffChoices(text: String, verdict: TraceVerdict) {
        let result = choice.verification(of: text, truncated: true)
        #expect(result.verdict == verdict)
        #expect(verdict != .missing || result.reason == "is cut off before an answer")
    }

    @Test func withoutADiagnosisOnlyLettersCount() throws {
        let plain = try VerifiableCase(question: "?", options: Self.options, answer: "B")
        let verifier = TraceVerifier(plain, bank: bank)
        let result = verifier.verification(of: "A pulmonary embolism it is.", truncated: false)
        #expect(result == Verification(.missing, "chooses no option"))
        #expect(verifier.verification(of: "Answer: B", truncated: false) == .correct)
    }

    @Test(arguments: [
        ("The diagnosis is Gitelman's syndrome.", TraceVerdict.correct),
        ("This is not pneumonia. It is Gitelman syndrome.", .correct),
        ("Final answer: familial hypokalemia hypomagnesemia", .correct),
        ("This is pneumonia.", .wrong), ("Final diagnosis: Bartter syndrome.", .wrong),
        ("Gitelman syndrome was considered. The final diagnosis is pneumonia.", .wrong),
        ("Gitelman syndrome or pneumonia.", .ambiguous),
        ("Gitelman syndrome cannot be excluded.", .ambiguous),
        ("It is not Gitelman syndrome.", .missing), ("Gitelman syndrome is unlikely.", .missing),
        ("Magnesium is low.", .missing), ("", .missing),
    ])
    func openAnswers(text: String, verdict: TraceVerdict) {
        #expect(open.verification(of: text, truncated: false).verdict == verdict)
    }

    @Test(arguments: [
        ("Gitelman syndrome is one possibility, so", TraceVerdict.missing),
        ("Final answer: Gitel", .missing), ("Final answer: Gitelman syndrome. It", .correct),
        ("The diagnosis is pneumonia, which", .wrong),
    ])
    func cutOffOpenAnswers(text: String, verdict: TraceVerdict) {
        #expect(open.verification(of: text, truncated: true).verdict == verdict)
    }

    /// The bank's own answers are right, and those with another letter wrong.
    @Test func generatedCases() throws {
        for item in try bank.generate(split: .test, count: 60, seed: 5) {
            let verifier = TraceVerifier(try item.verifiable(withOptions: true), bank: bank)
            let open = TraceVerifier(try item.verifiable(withOptions: false), bank: bank)
            #expect(verifier.verification(of: item.completion, truncated: false) == .correct)
            #expect(open.verification(of: item.openCompletion, truncated: false) == .correct)
            for option in item.options where option.letter != item.answer {
                let written = "Answer: \(option.letter). \(option.text)"
                let result = verifier.verification(of: written, truncated: false)
                #expect(result == Verification(.wrong, "chooses option \(option.letter)"))
                let named = open.verification(of: "Diagnosis: \(option.text)", truncated: false)
                #expect(named == Verification(.wrong, "claims another diagnosis"))
            }
        }
    }
}

extension CaseItem {
    func verifiable(withOptions: Bool) throws -> VerifiableCase {
        try VerifiableCase(
            question: vignette,
            options: withOptions ? options.map { .init(label: $0.letter, text: $0.text) } : [],
            answer: withOptions ? answer : diagnosis,
            diagnosis: diagnosis,
            synonyms: synonyms
        )
    }
}
