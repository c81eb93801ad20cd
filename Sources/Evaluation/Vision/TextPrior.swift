import Answers
import Foundation

/// Answers questions about images without looking: what the texts of a training file alone say.
///
/// Med-R1's published splits are largely solved so, which is why no accuracy on them means
/// anything by itself.
///
/// For a question with K options, each option o gets three estimates of being right, each of which
/// the next one starts from. C and D are the right and the wrong options of the training file.
/// 1. Its words (naive Bayes): logit p0 = -log(K - 1) + the sum over the distinct words w of o, of
///    those that training options have, of log((C_w + 1) / (|C| + 2)) - log((D_w + 1) / (|D| + 2)),
///    with C_w and D_w the options that hold w.
/// 2. Its text: p1 = (c + p0) / (n + 1), where o was offered n times and right c times.
/// 3. The question: score = logit p1 + the sum over the distinct words u of the question, of those
///    that training questions have, of log((c_u + 10 p_u) / (c + 10)) - log((d_u + 10 p_u) /
///    (d + 10)), with c_u of the c questions where o was right and d_u of the d = n - c where it
///    was wrong holding u, and p_u the share of training questions that hold it.
/// The answer is the option of the highest score, the first among equals. Texts are compared in
/// lower case, without marks.
///
/// For an open question every right answer a of open training questions, n_a of N, is a candidate
/// with the score log(n_a / N) + the sum over u of log((n_au + 10 p_u) / (n_a + 10)), p_u now the
/// share of open questions; among equals the more frequent, then the alphabetically first.
public struct TextPrior: Sendable {
    private let choices: ChoicePrior
    private let words: OpenPrior

    /// Learns from the questions of a training file.
    public init(_ questions: [TextQuestion]) {
        choices = ChoicePrior(questions.filter { !$0.isOpen })
        words = OpenPrior(questions.filter(\.isOpen))
    }

    /// The label of an option, or an open answer as it is compared; nil where nothing was learnt
    /// of open questions.
    public func answer(_ question: TextQuestion) -> String? {
        question.isOpen ? words.answer(question.question) : choices.answer(question)
    }

    /// Whether the answer is the right one.
    public func isRight(_ question: TextQuestion) -> Bool {
        answer(question) == (question.isOpen ? OpenAnswer(question.gold).text : question.gold)
    }
}

/// The weight of what is known without a word, in questions.
private let smoothing = 10.0

private func distinctWords(_ text: String) -> Set<String> { Set(TextWords(text).words) }

private struct ChoicePrior: Sendable {
    /// What training says of one option's text.
    private struct Option {
        var right = 0
        var wrong = 0
        var rightWords: [String: Int] = [:]
        var wrongWords: [String: Int] = [:]
    }

    private var options: [String: Option] = [:]
    private var rightWords: [String: Int] = [:]
    private var wrongWords: [String: Int] = [:]
    private var (right, wrong) = (0, 0)
    private var background = Background()

    init(_ questions: [TextQuestion]) {
        for question in questions {
            let asked = distinctWords(question.question)
            background.add(asked)
            for option in question.options { add(option, asked, option.label == question.gold) }
        }
    }

    private mutating func add(_ option: AnswerOption, _ asked: Set<String>, _ isRight: Bool) {
        let key = TextWords(option.text).joined
        let words = distinctWords(option.text)
        var known = options[key] ?? Option()
        if isRight {
            right += 1
            known.right += 1
            for word in asked { known.rightWords[word, default: 0] += 1 }
            for word in words { rightWords[word, default: 0] += 1 }
        } else {
            wrong += 1
            known.wrong += 1
            for word in asked { known.wrongWords[word, default: 0] += 1 }
            for word in words { wrongWords[word, default: 0] += 1 }
        }
        options[key] = known
    }

    func answer(_ question: TextQuestion) -> String? {
        let asked = distinctWords(question.question)
        var best: (label: String, score: Double)?
        for option in question.options {
            let score = score(option, asked, count: question.options.count)
            if score > best?.score ?? -.infinity { best = (option.label, score) }
        }
        return best?.label
    }

    private func score(_ option: AnswerOption, _ asked: Set<String>, count: Int) -> Double {
        let known = options[TextWords(option.text).joined] ?? Option()
        let seen = Double(known.right + known.wrong)
        let share = (Double(known.right) + fromWords(option, count: count)) / (seen + 1)
        return background.shares(asked).reduce(logit(share)) { score, word in
            let like = smoothing * word.share
            let right =
                (Double(known.rightWords[word.word] ?? 0) + like)
                / (Double(known.right) + smoothing)
            let wrong =
                (Double(known.wrongWords[word.word] ?? 0) + like)
                / (Double(known.wrong) + smoothing)
            return score + log(right) - log(wrong)
        }
    }

    /// The first estimate.
    private func fromWords(_ option: AnswerOption, count: Int) -> Double {
        let words = distinctWords(option.text).sorted()
            .filter { rightWords[$0] != nil || wrongWords[$0] != nil }
        let odds = words.reduce(-log(Double(max(count, 2) - 1))) { odds, word in
            odds + log(Double((rightWords[word] ?? 0) + 1) / Double(right + 2))
                - log(Double((wrongWords[word] ?? 0) + 1) / Double(wrong + 2))
        }
        return 1 / (1 + exp(-odds))
    }

    /// Finite also where a share has rounded to 0 or 1.
    private func logit(_ share: Double) -> Double {
        let inside = min(max(share, 1e-12), 1 - 1e-12)
        return log(inside / (1 - inside))
    }
}

private struct OpenPrior: Sendable {
    private struct Answer {
        var count = 0
        var words: [String: Int] = [:]
    }

    private var answers: [String: Answer] = [:]
    private var background = Background()

    init(_ questions: [TextQuestion]) {
        for question in questions {
            let asked = distinctWords(question.question)
            background.add(asked)
            let key = OpenAnswer(question.gold).text
            answers[key, default: Answer()].count += 1
            for word in asked { answers[key]?.words[word, default: 0] += 1 }
        }
    }

    func answer(_ question: String) -> String? {
        let shares = background.shares(distinctWords(question))
        let scored = answers.map { text, answer in
            let score = shares.reduce(log(Double(answer.count))) { score, word in
                let seen = Double(answer.words[word.word] ?? 0) + smoothing * word.share
                return score + log(seen / (Double(answer.count) + smoothing))
            }
            return (text: text, count: answer.count, score: score)
        }
        return scored.min { a, b in
            (-a.score, -a.count, a.text) < (-b.score, -b.count, b.text)
        }?.text
    }
}

/// How many questions hold a word.
private struct Background: Sendable {
    private var counts: [String: Int] = [:]
    private var questions = 0

    mutating func add(_ words: Set<String>) {
        questions += 1
        for word in words { counts[word, default: 0] += 1 }
    }

    /// The known ones of these words in alphabetical order, which keeps sums the same from run to
    /// run, each with the share of questions that hold it.
    func shares(_ words: Set<String>) -> [(word: String, share: Double)] {
        words.sorted().compactMap { word in
            counts[word].map { (word, Double($0) / Double(questions)) }
        }
    }
}
