import Answers
import Foundation
import TestSupport
import Testing

@testable import Evaluation

struct ReadingTests {
    private let options = ["CT", "MRI", "Ultrasound"].enumerated().map {
        AnswerOption(label: ["A", "B", "C"][$0.offset], text: $0.element)
    }

    private func read(
        _ reply: String, _ template: AnswerTemplate, gold: String = "B"
    ) -> ItemResult {
        let item = EvaluationItem(id: "q", messages: [], options: options, gold: gold)
        return ReplyReader(item: item, template: template).result(reply)
    }

    private func open(_ reply: String, _ template: AnswerTemplate, gold: String) -> ItemResult {
        let item = EvaluationItem(id: "q", messages: [], options: [], gold: gold)
        return ReplyReader(item: item, template: template).result(reply)
    }

    /// The forgiving reading counts "B) MRI" without a tag, the strict one does not; the form is a
    /// third thing.
    @Test func forgivingAndStrict() {
        let tagged = read("<answer> B </answer>", .noThink)
        #expect(tagged.correct && tagged.strict == true && tagged.hasForm == true)
        let loose = read("It is B) MRI", .noThink)
        #expect(loose.strict == false && loose.hasForm == false)
        let line = read("B) MRI", .noThink)
        #expect(line.correct && line.strict == false && line.hasForm == false)
        let long = read("<answer>The answer is B</answer>", .noThink)
        #expect(long.correct && long.strict == false && long.hasForm == true)
        let thought = read("<think>bright</think>\n<answer>B</answer>", .think)
        #expect(thought.correct && thought.strict == true && thought.hasForm == true)
        let unthought = read("<answer>B</answer>", .think)
        #expect(unthought.correct && unthought.strict == true && unthought.hasForm == false)
    }

    @Test func repliesWithoutTags() {
        #expect(read("B", .plain).strict == true && read("MRI", .direct).strict == true)
        #expect(read("MRI, I think", .direct).strict == false)
        // What a model learnt to write counts in its own tag too.
        #expect(read("<answer> B </answer>", .plain).strict == true)
        #expect(read("", .direct).hasForm == false && read("", .direct).predicted == nil)
    }

    @Test func forms() {
        #expect(AnswerTemplate.think.isForm(" <think>a\nb</think>\n<answer>C</answer>\n"))
        #expect(!AnswerTemplate.think.isForm("<think>a</think><answer>C</answer> done"))
        #expect(!AnswerTemplate.think.isForm("<answer>C</answer><think>a</think>"))
        #expect(!AnswerTemplate.think.isForm("<think>a<think>b</think><answer>C</answer>"))
        #expect(!AnswerTemplate.noThink.isForm("<think>a</think><answer>C</answer>"))
        #expect(!AnswerTemplate.noThink.isForm("<answer>C"))
    }

    /// gold "left lower lobe"; the reply "The left lobe" is {left, lobe}: 2 of its 2 words are in
    /// the gold answer, and 2 of the gold's 3 in it: precision 1, recall 2/3, F1 4/5.
    @Test func openAnswers() throws {
        let some = open("The left lobe.", .direct, gold: "left lower lobe")
        #expect(!some.correct && some.strict == false)
        let score = try #require(some.open)
        #expect(score.precision == 1 && abs(score.recall - 2.0 / 3) < 1e-12)
        #expect(abs(score.f1 - 0.8) < 1e-12)
        let whole = open("<answer>A left LOWER lobe</answer>", .noThink, gold: "left lower lobe.")
        #expect(whole.correct && whole.strict == true && whole.open?.f1 == 1)
        let late = open("I say <answer>two</answer>", .noThink, gold: "2")
        #expect(late.correct && late.strict == false && late.gold == "2")
        #expect(open("", .direct, gold: "x").predicted == nil)
        #expect(open("nothing", .direct, gold: "x").open == OpenScore(.init("a"), gold: .init("x")))
        #expect(open("<think>x y</think> x", .think, gold: "x").correct)
    }

    /// As LLaVA-Med counts: a word that stands twice in the reply counts twice for precision and
    /// recall, tp = 2 (ct twice), fp = 1 (scan), fn = 1 (abdomen): 2/3 and 2/3.
    @Test func repeatedWords() {
        let score = OpenScore(.init("CT CT scan"), gold: .init("ct abdomen"))
        #expect(abs(score.precision - 2.0 / 3) < 1e-12 && abs(score.recall - 2.0 / 3) < 1e-12)
    }

    /// What a solution may be, beside a letter: the option, alone or behind its letter; another
    /// option's letter before it is a mistake.
    @Test(arguments: [
        ("B", "B"), ("MRI", "B"), ("B) MRI", "B"), ("(B) MRI", "B"), ("b. mri", "B"),
        ("<answer> B) MRI </answer>", "B"), ("B: x-ray, hand", nil), ("A) MRI", nil),
        ("D) MRI", nil),
        (") MRI", "B"), ("B) ", "B"),
    ])
    func solutions(written: String, gold: String?) {
        let question = TextQuestion("Which? A)CT, B)MRI, C)X-ray, hand", answer: written)
        #expect(question?.gold == gold)
    }

    /// A model is asked as the recipes train it.
    @Test(arguments: [
        (AnswerTemplate.think, "med-r1-think.yaml"), (.noThink, "med-r1-no-think.yaml"),
    ])
    func templatesAreTheRecipes(template: AnswerTemplate, name: String) throws {
        let file = TestFiles.root.appending(path: "Recipes/vision/\(name)")
        let recipe = try String(contentsOf: file, encoding: .utf8)
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let messages = template.messages("Q? A)x, B)y", .letter)
        #expect(messages.map(\.role) == ["system", "user"])
        #expect(messages[1].content == "Q? A)x, B)y")
        #expect(recipe.contains(messages[0].content))
    }

    @Test func otherTemplates() {
        #expect(AnswerTemplate.plain.messages("Q?", .words).map(\.content) == ["Q?"])
        #expect(
            AnswerTemplate.direct.messages("Q?", .decision).map(\.content)
                == ["Q? Answer with yes or no."])
        let own = AnswerTemplate.think.messages("Q?", .letter, system: "S")
        #expect(own.map(\.content) == ["S", "Q?"])
    }
}
