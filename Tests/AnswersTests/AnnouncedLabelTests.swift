import Answers
import Testing

struct AnnouncedLabelTests {
    private static let options: [AnswerOption] = [
        .init(label: "A", text: "X-ray"), .init(label: "B", text: "CT"),
    ]

    /// What counts as an answer anywhere, and what does where the reply was cut off.
    @Test(arguments: [
        ("Answer: B", "B", "B"), ("The answer is (B), since the", "B", "B"),
        ("<answer>(B)</answer>", "B", "B"), ("It may be (B), but", "B", nil),
        ("B) CT", "B", nil), ("CT\n", "B", nil), ("Answer:", nil, nil), ("", nil, nil),
    ])
    func onlyAnnouncedAnswers(reply: String, label: String?, announced: String?) {
        let parser = AnswerParser(options: Self.options)
        #expect(parser.label(in: reply) == label)
        #expect(parser.announcedLabel(in: reply) == announced)
    }

    @Test func strictAnswersAreAnnounced() {
        let parser = AnswerParser(options: Self.options, mode: .strict)
        #expect(parser.announcedLabel(in: "Answer: B") == "B")
        #expect(parser.announcedLabel(in: "The answer is B") == nil)
    }
}
