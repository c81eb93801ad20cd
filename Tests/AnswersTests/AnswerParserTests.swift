import Answers
import Testing

struct AnswerParserTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let reply: String
        let answer: String?
        init(_ reply: String, _ answer: String?) { (self.reply, self.answer) = (reply, answer) }
        var testDescription: String { reply }
    }

    private static let letters: [AnswerOption] = [
        .init(label: "A", text: "X-ray"), .init(label: "B", text: "Giant cell arteritis"),
        .init(label: "C", text: "CT"), .init(label: "D", text: "A. baumannii"),
    ]
    private static let words: [AnswerOption] = ["yes", "no", "maybe"].map {
        .init(label: $0, text: $0)
    }
    private static let lettered: [AnswerOption] = [
        .init(label: "A", text: "yes"), .init(label: "B", text: "no"),
    ]

    @Test(arguments: [
        // The tag.
        Row("<reasoning>\nB looks right.\n</reasoning>\n<answer>\nC\n</answer>", "C"),
        Row("<answer>A</answer> no, wait: <answer> (C) CT </answer>", "C"),
        Row("<ANSWER>c</ANSWER>", "C"),
        Row("<answer>C) CT</answer>", "C"),
        Row("<answer>Answer: B</answer>", "B"),
        Row("<answer>A</answer> then <answer>B", "A"),
        Row("Answer: B\n<answer>none of them</answer>", nil),
        Row("<answer>giant cell\narteritis</answer>", nil),
        Row("<answer></answer>", nil),
        // What is announced.
        Row("Answer: C", "C"),
        Row("answer: c", "C"),
        Row("**Answer:** C. CT", "C"),
        Row("**Answer**: **B**", "B"),
        Row("Answer: B. Giant cell arteritis", "B"),
        Row("Jaw pain points to it.\nAnswer: D. X-ray", "D"),
        Row("The answer is C.", "C"),
        Row("The answer is (C) because of the CT.", "C"),
        Row("The correct answer is option B", "B"),
        Row("The correct option is: D", "D"),
        Row("Answer:\nC", "C"),
        Row("Answer: giant cell arteritis.", "B"),
        Row("Answer: A. baumannii", "D"),
        Row("Answer: A", "A"),
        Row("Answer: A because of the film", "A"),
        Row("Answer: A X-ray", "A"),
        Row("Answer: A patient like this needs rest", nil),
        Row("Answer: C-reactive protein", nil),
        Row("Answer: A or B", nil),
        Row("Answer: <letter>. The answer is C", "C"),
        Row("First I thought the answer is A. Then: the answer is C.", "C"),
        Row("The answer is not C", nil),
        Row("The most likely diagnosis is giant cell arteritis.", "B"),
        // Labels with marks.
        Row("C", "C"), Row(" (C) ", "C"), Row("C)", "C"), Row("C.", "C"), Row("C) CT", "C"),
        Row("**C**", "C"), Row("c", "C"), Row("- B. Giant cell arteritis", "B"),
        Row("I would choose (C) here.", "C"),
        Row("A. X-ray\nB. Giant cell arteritis\nC. CT\nD. A. baumannii", nil),
        Row("C is what I would choose", nil),
        Row("A, B and C are wrong", nil),
        // Texts.
        Row("Giant cell arteritis", "B"), Row("giant cell arteritis.", "B"),
        Row("It is this:\n\"CT\"", "C"),
        Row("CT\nX-ray", nil),
        Row("This is not giant cell arteritis", nil),
        Row("", nil), Row("I do not know.", nil), Row("E", nil),
    ])
    func lettersTolerantly(_ row: Row) {
        #expect(AnswerParser(options: Self.letters).label(in: row.reply) == row.answer)
    }

    @Test(arguments: [
        Row("<reasoning>no difference</reasoning>\n<answer>\nyes\n</answer>", "yes"),
        Row("<answer>The drug helps, so yes.</answer>", "yes"),
        Row("<answer> Maybe </answer>", "maybe"),
        Row("Answer: no", "no"), Row("Yes", "yes"), Row("Yes, it does.", "yes"),
        Row("No.", "no"),
        Row("The groups differed. So the answer would be yes", "yes"),
        Row("They were compared. I would say maybe.", "maybe"),
        Row("They were compared. It does, so yes it helps.", "yes"),
        Row("There was no significant difference.", nil),
        Row("The trial was small. Maybe yes, maybe not.", nil),
        Row("<reasoning>\nYes-men were excluded", nil),
        Row("yes or no?", nil),
    ])
    func words(_ row: Row) {
        #expect(AnswerParser(options: Self.words).label(in: row.reply) == row.answer)
    }

    @Test(arguments: [
        Row("Answer: B", "B"), Row("Answer: yes", "A"), Row("I think that it does, so yes.", "A"),
        Row("No", "B"), Row("<answer>no</answer>", "B"), Row("no change was seen", nil),
    ])
    func lettersThatMeanYesAndNo(_ row: Row) {
        #expect(AnswerParser(options: Self.lettered).label(in: row.reply) == row.answer)
    }

    @Test(arguments: [
        Row("<answer>\nC\n</answer>", "C"), Row("<answer>CT</answer>", "C"),
        Row("<answer>C) CT</answer>", "C"), Row("<answer>so C</answer>", nil),
        Row("<answer>C because</answer>", nil),
        Row("Because.\nAnswer: B. Giant cell arteritis", "B"), Row("Answer: A\nAnswer: B", "B"),
        Row("Answer: A patient", nil), Row("The answer is C", nil), Row("C", nil),
        Row("So my Answer: C", nil),
    ])
    func strictly(_ row: Row) {
        let parser = AnswerParser(options: Self.letters, mode: .strict)
        #expect(parser.label(in: row.reply) == row.answer)
    }

    @Test func labelsThatAreTextsOfOthers() {
        let swapped = AnswerParser(options: [
            .init(label: "A", text: "B"), .init(label: "B", text: "A"),
        ])
        #expect(swapped.label(in: "Answer: A") == "A")
    }

    @Test func longRepliesAreFast() {
        let reply = String(
            repeating: "answer: the (film) is no X-ray, maybe. <answer>\n",
            count: 4000
        )
        let clock = ContinuousClock()
        let time = clock.measure {
            #expect(AnswerParser(options: Self.letters).label(in: reply) == nil)
        }
        #expect(time < .seconds(5))
    }
}
