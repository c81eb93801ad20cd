import Answers
import Evaluation
import Foundation
import Records
import TestSupport
import Testing

struct TextControlTests {
    private func question(_ text: String, _ options: [String], _ gold: Int) -> TextQuestion {
        let labels = ["A", "B", "C", "D"]
        return TextQuestion(
            question: text,
            options: zip(labels, options).map { AnswerOption(label: $0, text: $1) },
            gold: labels[gold])
    }

    /// Two questions in which "CT scan" is right and "apple" wrong. Estimate 1 of an option with
    /// the word ct: logit 0 (K = 2) + log((2 + 1) / (2 + 2)) - log((0 + 1) / (2 + 2)) = log 3, so
    /// 3/4; with apple -log 3, so 1/4. Texts never offered keep these.
    @Test func wordsCarryToNewTexts() {
        let prior = TextPrior([
            question("What?", ["CT scan", "apple"], 0), question("What?", ["apple", "CT scan"], 1),
        ])
        #expect(prior.answer(question("Which?", ["apple pie", "CT image"], 0)) == "B")
        #expect(prior.answer(question("Which?", ["CT image", "apple pie"], 0)) == "A")
        #expect(prior.answer(question("Which?", ["pear", "plum"], 1)) == "A")
    }

    /// Yes is right three times, wrong three times: estimates 1 and 2 are 1/2 for both. The word
    /// left stands in half of the questions and in all where yes was right: for yes
    /// log((3 + 5) / (3 + 10)) - log((0 + 5) / (3 + 10)) = log 1.6, for no -log 1.6.
    @Test func questionsDecideBetweenEqualOptions() {
        let options = ["yes", "no"]
        let prior = TextPrior(
            (0..<3).flatMap { _ in
                [question("left lung", options, 0), question("right lung", options, 1)]
            })
        #expect(prior.answer(question("the left lobe", options, 0)) == "A")
        #expect(prior.answer(question("the right lobe", options, 0)) == "B")
        #expect(prior.answer(question("the lobe", options, 0)) == "A")
    }

    /// Both answers were right twice of four times. "plane" stands in half of the questions, and
    /// only where axial was right: log((2 + 5) / 12) for it, log((0 + 5) / 12) for the other.
    @Test func openQuestions() {
        func open(_ text: String, _ gold: String) -> TextQuestion {
            TextQuestion(question: text, options: [], gold: gold)
        }
        let prior = TextPrior([
            open("where is the lesion", "Left lobe."), open("where is the mass", "the left lobe"),
            open("what plane is this", "axial"), open("which plane is it", "Axial"),
        ])
        #expect(prior.answer(open("where where", "?")) == "left lobe")
        #expect(prior.answer(open("plane plane", "?")) == "axial")
        #expect(prior.isRight(open("where", "left lobe")))
        #expect(TextPrior([]).answer(open("where", "x")) == nil)
    }

    @Test func majorityIsByText() {
        let rule = MajorityAnswer([
            question("a", ["x", "y"], 0), question("b", ["y", "x"], 1),
            question("c", ["z", "y"], 1), TextQuestion(question: "d", options: [], gold: "Left"),
        ])
        // x was right twice, y once, z never.
        #expect(rule.answer(question("q", ["y", "z", "X."], 0)) == "C")
        #expect(rule.answer(question("q", ["z", "w"], 0)) == "A")
        #expect(rule.answer(TextQuestion(question: "q", options: [], gold: "r")) == "left")
    }

    /// The text alone solves what is published: half of each split's images teach, the other half
    /// is asked. Measured with another program: 92 % of the questions on average.
    @Test(.enabled(if: TestFiles.sharedData != nil, "needs ../shared/data"))
    func publishedSplitsNeedNoImages() throws {
        let folder = try #require(TestFiles.sharedData).appending(path: "omnimedvqa/splits")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        var shares: [Double] = []
        for name in names.sorted() {
            let training = try TextTraining(reading: folder.appending(path: name))
            #expect(training.questions.count == 200, "\(name)")
            let (taught, asked) = halves(training.questions)
            let prior = TextPrior(taught)
            shares.append(Double(asked.count { prior.isRight($0) }) / Double(asked.count))
        }
        #expect(shares.count == 8)
        #expect(shares.reduce(0, +) / 8 > 0.88, "\(shares)")
    }

    private func halves(_ questions: [TextQuestion]) -> ([TextQuestion], [TextQuestion]) {
        let parted = questions.enumerated().map { ($0.offset % 2 == 0, $0.element) }
        return (parted.filter(\.0).map(\.1), parted.filter { !$0.0 }.map(\.1))
    }
}

struct DerangementTests {
    private func image(_ number: Int) -> ImageReference { ImageReference(path: "\(number).png") }

    /// Nobody keeps an image, every image is shown as often, and the same seed gives the same.
    @Test(arguments: [2, 3, 7, 40])
    func nobodyKeepsAnImage(count: Int) throws {
        let images = (0..<count).map(image) + [image(0)]
        let shuffle = try #require(ImageDerangement(images, seed: 5))
        let again = try #require(ImageDerangement(images, seed: 5))
        let shown = (0..<count).map { shuffle(image($0)) }
        #expect(zip(images, shown).allSatisfy { $0 != $1 })
        #expect(Set(shown).count == count)
        #expect(shown == (0..<count).map { again(image($0)) })
        if count > 7 {
            let other = try #require(ImageDerangement(images, seed: 6))
            #expect(shown != (0..<count).map { other(image($0)) })
        }
    }

    /// Files 0 and 1 are copies: neither stands in for the other.
    @Test func copiesCountAsOne() throws {
        for seed in 0..<20 {
            let shuffle = try #require(
                ImageDerangement((0..<4).map(image), seed: UInt64(seed)) {
                    $0.path == "1.png" ? "0.png" : $0.path
                })
            #expect(![image(0), image(1)].contains(shuffle(image(0))))
            #expect(![image(0), image(1)].contains(shuffle(image(1))))
        }
    }

    @Test func oneImageCannotBeShuffled() {
        #expect(ImageDerangement([image(1), image(1)], seed: 0) == nil)
        #expect(ImageDerangement([], seed: 0) == nil)
    }
}
