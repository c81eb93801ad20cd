import Records
import Rewards
import Testing

struct AnswerRewardTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let reply: String
        let gold: JSONValue
        let score: Double?
        init(_ reply: String, _ gold: String, _ score: Double?) {
            self.init(reply, JSONValue.string(gold), score)
        }
        init(_ reply: String, _ gold: JSONValue, _ score: Double?) {
            (self.reply, self.gold, self.score) = (reply, gold, score)
        }
        var testDescription: String { "\(reply) | \(gold)" }
    }

    private func score(
        _ mode: AnswerReward.Mode, _ row: Row, _ columns: [String: JSONValue] = [:],
        prompt: String = "", _ change: (inout AnswerReward.Settings) -> Void = { _ in }
    ) throws -> Double? {
        var settings = AnswerReward.Settings(mode: mode)
        change(&settings)
        let columns = columns.merging(["answer": row.gold]) { $1 }
        return try AnswerReward(settings: settings).score(
            input(row.reply, columns, prompt: prompt))
    }

    private static let options: JSONValue = .object([
        "A": .string("X-ray"), "B": .string("Ultrasound"), "C": .string("CT"),
        "D": .string("MRI"),
    ])

    /// How small models answer, and how data sets write the answer: the known answer as a whole
    /// model answer is what made GRPO-Healthcare's reward 0.0 at all of its 250 steps.
    @Test(arguments: [
        Row("C", "C", 1), Row("C)", "C", 1), Row("C) CT", "C", 1), Row("(C)", "C", 1),
        Row("the answer is C", "C", 1), Row("The answer is C.", "C", 1),
        Row("<answer>C</answer>", "C", 1), Row("<answer>\nC) CT\n</answer>", "C", 1),
        Row("<think>A? B?\nNo.</think>\n<answer> (C) </answer>", "C", 1), Row("c", "C", 1),
        Row("<think>It is CT.</think><answer>CT</answer>", "C", 1),
        Row("**Answer:** C. CT", "C", 1),
        Row("C) CT", "<answer> C </answer>", 1), Row("CT", "<answer>\nC\n</answer>", 1),
        Row("C", "<reasoning>\nNot A.\n</reasoning>\n<answer>\nC\n</answer>", 1),
        Row("<answer>C</answer>", "CT", 1), Row("C", "ct", 1), Row("C", "C) CT", 1),
        Row("C", "(C)", 1), Row("C", "c", 1), Row("C", .integer(2), 1),
        Row("C", .array([.object(["content": .string("<answer>C</answer>")])]), 1),
        Row("B", "C", 0), Row("C) CT", "<answer> B </answer>", 0), Row("", "C", 0),
        Row("<answer>A</answer> The answer is C", "C", 0), Row("A or C", "C", 0),
        Row("<think>C", "C", 0), Row("Certainly, CT is one option.", "C", 0),
        Row("A) X-ray\nB) Ultrasound\nC) CT\nD) MRI", "C", 0), Row("E", "C", 0),
        Row("C", "none of them", nil), Row("C", "E", nil), Row("C", .null, nil),
        Row("C", .integer(4), nil), Row("C", "", nil), Row("C", .bool(true), nil),
    ])
    func options(_ row: Row) throws {
        #expect(try score(.option, row, ["options": Self.options]) == row.score)
    }

    @Test(arguments: [
        Row("<answer> C </answer>", "<answer> C </answer>", 1),
        Row("<think>so</think>\n<answer>C) CT</answer>", "<answer> C </answer>", 1),
        Row("C) CT", "<answer> C </answer>", 0), Row("<answer>C", "C", 0),
    ])
    func onlyInTheTag(_ row: Row) throws {
        #expect(
            try score(.option, row, ["options": Self.options]) { $0.requireTag = true }
                == row.score)
    }

    /// Where the options stand, in the order they are looked for.
    @Test func sourcesOfOptions() throws {
        let row = Row("The answer is CT.", "<answer> C </answer>", 1)
        let list: JSONValue = .array(["X-ray", "MRI", "CT"].map(JSONValue.string))
        #expect(try score(.option, row, ["options": list]) == 1)
        let items = ["X-ray", "MRI", "CT"].enumerated().map { index, text -> JSONValue in
            .object(["letter": .string(["A", "B", "C"][index]), "text": .string(text)])
        }
        #expect(try score(.option, row, ["options": .array(items)]) == 1)
        let problem = "What is this? A)Positron emission tomography (PET), B)PET scan, C)CT."
        #expect(try score(.option, row, ["problem": .string(problem)]) == 1)
        #expect(try score(.option, row, prompt: problem) == 1)
        let lines = "Seen in vitamin A. Which?\nA. X-ray\nB. MRI\nC. CT\n\nEnd with \"Answer: X\"."
        #expect(try score(.option, row, prompt: lines) == 1)
        // Without options anywhere the letter alone can be compared.
        #expect(try score(.option, row) == 0)
        #expect(try score(.option, Row("(C)", "C", 1)) == 1)
    }

    /// PubMedQA: no options in the record, and an abstract that lists things by letters.
    @Test(arguments: [
        Row("<reasoning>\nno difference\n</reasoning>\n<answer>\nyes\n</answer>", "yes", 1),
        Row("Yes, it does.", "yes", 1), Row("<answer>Maybe</answer>", "maybe", 1),
        Row("<answer>no</answer>", "yes", 0), Row("There was no difference.", "no", 0),
    ])
    func yesNoMaybe(_ row: Row) throws {
        let abstract = "Groups were A) treated, B) not treated. Does it help?"
        #expect(try score(.option, row, prompt: abstract) == row.score)
    }

    @Test(arguments: [
        Row("<reasoning>r</reasoning>\n<answer>\n42 mg\n</answer>", "42 mg", 1),
        Row("<answer>42 mg</answer>", "<reasoning>r</reasoning><answer> 42 mg </answer>", 1),
        Row(" 42 mg\n", "42 mg", 1), Row("It is large.\nAnswer: 42 mg", "42 mg", 1),
        Row("<answer>42 MG</answer>", "42 mg", 0), Row("<answer>about 42 mg</answer>", "42 mg", 0),
        Row("42 mg <answer></answer>", "42 mg", 0),
    ])
    func exactly(_ row: Row) throws { #expect(try score(.exact, row) == row.score) }

    @Test(arguments: [
        Row("<answer>The mitral valve.</answer>", "mitral valve", 1),
        Row("The answer is **a Mitral-Valve**", "mitralvalve", 1),
        Row("MITRAL  VALVE!", "<answer>the mitral valve</answer>", 1),
        Row("<answer>aortic valve</answer>", "mitral valve", 0),
        Row("not the mitral valve", "mitral valve", 0), Row("", "mitral valve", 0),
        Row("the", "The.", nil),
    ])
    func normalisedText(_ row: Row) throws { #expect(try score(.text, row) == row.score) }

    /// The tolerance is 0.01 of the known number.
    @Test(arguments: [
        Row("<answer>120</answer>", "120", 1), Row("<answer>121.1 mg</answer>", "120", 1),
        Row("<answer>121.3</answer>", "120", 0), Row("<answer>-120</answer>", "120", 0),
        Row("<answer>\u{2212}3.5e-4</answer>", "-0.00035", 1),
        Row("1 plus 2 make 3", "3", 1), Row("1 plus 2 make 3", "2", 0),
        Row("The answer is 5 mg, every 6 hours.", "5", 1),
        Row("<answer>5 or 6</answer>", "5", 0), Row("<answer>5 mg = 5 mg</answer>", "5", 1),
        Row("$1,234.50", "1234.5", 1), Row("1,23", "1", 0), Row("vitamin B12", "12", 0),
        Row("4.", "4", 1), Row("3-5", "5", 1), Row("3-5", "-5", 0), Row("50%", "50 %", 1),
        Row("2", .integer(2), 1), Row("2.50", .number(2.5), 1), Row("none", "2", 0),
        Row("<answer>2</answer>", "<answer>2</answer>", 1), Row("2", "two", nil),
    ])
    func numbers(_ row: Row) throws {
        #expect(try score(.number, row) { $0.tolerance = 0.01 } == row.score)
    }

    @Test(arguments: [
        Row("Diagnosis: Pulmonary embolism", "Pulmonary embolism", 1),
        Row("The final diagnosis is PE.", "Pulmonary embolism", 1),
        Row(
            "<think>pneumonia?</think><answer>a pulmonary embolus</answer>", "pulmonary embolism", 1
        ),
        Row("Diagnosis: PE", "<answer> Pulmonary embolism </answer>", 1), Row("PE", "C", 1),
        Row("This is not a pulmonary embolism.", "Pulmonary embolism", 0),
        Row("Pulmonary embolism was ruled out.", "Pulmonary embolism", 0),
        Row("Asthma rather than pulmonary embolism", "Pulmonary embolism", 0),
        Row("Diagnosis: pulmonary embolism or asthma", "Pulmonary embolism", 0),
        Row("<think>PE</think><answer>asthma</answer>", "Pulmonary embolism", 0),
        Row("I do not know.", "Pulmonary embolism", 0), Row("PE", "no such disease", nil),
    ])
    func diagnoses(_ row: Row) throws {
        let options: JSONValue = .object([
            "B": .string("Asthma"), "C": .string("Pulmonary embolism"),
        ])
        #expect(try score(.diagnosis, row, ["options": options]) == row.score)
    }

    @Test func columnsOfTheKnownAnswer() throws {
        let reward = try AnswerReward(settings: .init(mode: .exact))
        for column in ["answer", "solution", "gold"] {
            #expect(try reward.score(input("x", [column: .string("x")])) == 1)
        }
        #expect(try reward.score(input("x", ["label": .string("x")])) == nil)
        var settings = AnswerReward.Settings(mode: .exact)
        settings.column = "label"
        let other = try AnswerReward(settings: settings)
        #expect(try other.score(input("x", ["label": .string("x"), "gold": .string("y")])) == 1)
        #expect(try other.score(input("y", ["gold": .string("y")])) == nil)
        // A case has a letter in `answer` and the name in `diagnosis`.
        let diagnosis = try AnswerReward(settings: .init(mode: .diagnosis))
        let columns: [String: JSONValue] = ["answer": .string("B"), "diagnosis": .string("Asthma")]
        #expect(try diagnosis.score(input("Diagnosis: asthma", columns)) == 1)
    }
}
