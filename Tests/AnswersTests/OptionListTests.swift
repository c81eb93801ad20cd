import Answers
import Testing

@Suite("Options written into a question")
struct OptionListTests {
    @Test(arguments: [
        (
            "Which? A)Ultrasound, B)X-ray, C)EEG, D)microscopy.", "Which?",
            ["A=Ultrasound", "B=X-ray", "C=EEG", "D=microscopy."]
        ),
        ("Is it? A)Yes., B)No", "Is it?", ["A=Yes.", "B=No"]),
        // Commas, and a label's letter at the end of an abbreviation.
        (
            "Stage? A)T2, N0 M0, B)Macula (AMD), C)COPD (COPD), D)x",
            "Stage?", ["A=T2, N0 M0", "B=Macula (AMD)", "C=COPD (COPD)", "D=x"]
        ),
        ("Which? (A) CT (B) MRI", "Which?", ["A=CT", "B=MRI"]),
        (
            "Which?\nA. CT scan\nB. MRI, C. not a label\n\nAnswer with a letter.", "Which?",
            ["A=CT scan", "B=MRI, C. not a label"]
        ),
        ("Which?\nA: CT\nB: MRI\nC: US", "Which?", ["A=CT", "B=MRI", "C=US"]),
        // The last list counts.
        (
            "Vitamin A) or B) was given. Which is it? A)x, B)y",
            "Vitamin A) or B) was given. Which is it?", ["A=x", "B=y"]
        ),
        ("A)x, B)y", "", ["A=x", "B=y"]),
        // Letters in parentheses within an option are no labels.
        (
            "Which? A)Hepatitis (B) virus, B)Vitamin (grade C), C)COPD (A)", "Which?",
            ["A=Hepatitis (B) virus", "B=Vitamin (grade C)", "C=COPD (A)"]
        ),
        (
            "Which? (A) factor V B) or so (B) MRI", "Which?", ["A=factor V B) or so", "B=MRI"]
        ),
        // A parenthesis that never ends hides nothing.
        ("Which? A)CT (contrast, B)MRI, C)US", "Which?", ["A=CT (contrast", "B=MRI", "C=US"]),
    ])
    func lists(question: String, stem: String, options: [String]) throws {
        let list = try #require(OptionList(in: question))
        #expect(list.options.map { "\($0.label)=\($0.text)" } == options)
        #expect(list.question == stem)
    }

    @Test(arguments: ["Which?", "A)x", "A)x, C)y", "", "(A)", "hepatitis A. B cells."])
    func none(question: String) {
        #expect(OptionList(in: question) == nil)
    }

    /// What models say to Med-R1's prompts, and what its own reward takes for wrong: "C) CT".
    private static let written: [(String, tolerant: String?, strict: String?)] = [
        ("C", "C", nil), ("C)", "C", nil), ("C) CT", "C", nil), ("(C)", "C", nil), ("CT", "C", nil),
        ("<answer> C </answer>", "C", "C"), ("<answer>C) CT</answer>", "C", "C"),
        ("<answer>C)</answer>", "C", "C"), ("<answer> c </answer>", "C", "C"),
        ("<answer>\nCT\n</answer>", "C", "C"), ("<answer> E </answer>", nil, nil),
        ("<think>A) is wrong, B) too.</think>\n<answer> C </answer>", "C", "C"),
        ("Answer: C) CT", "C", "C"), ("C) CT, for A) is too noisy", "C", nil),
        // The options again, in the ways they are written, are no answer.
        ("A)MRI, B)X-ray, C)CT", nil, nil), ("A) MRI, B) X-ray, C) CT.", nil, nil),
        ("A) MRI\nB) X-ray\nC) CT", nil, nil), ("(A) MRI (B) X-ray (C) CT", nil, nil),
        ("A)MRI, B)X-ray, C)CT\nThe answer is C", "C", nil), ("A)MRI, B)X-ray, C)CT\nC)", "C", nil),
        ("", nil, nil),
    ]

    @Test(arguments: written)
    func replies(reply: String, tolerant: String?, strict: String?) throws {
        let options = try #require(OptionList(in: "Which? A)MRI, B)X-ray, C)CT")).options
        #expect(AnswerParser(options: options).label(in: reply) == tolerant)
        #expect(AnswerParser(options: options, mode: .strict).label(in: reply) == strict)
    }
}
