import Answers

/// What the model's answer is made to look like when its options are scored by likelihood.
///
/// The frame's opening follows the prompt and is not scored; what an option adds to it is.
public enum AnswerFrame: String, Sendable, Hashable {
    /// `<answer>`, a line break, then the label: the answer part of a tagged reply.
    case tag
    /// `<answer> B`: the same on one line, as Med-R1's answers are written.
    case inlineTag
    /// `B`, the label alone.
    case bare
    /// `Answer: B`.
    case letter
    /// `Answer: B. Pneumonia`: the model also weighs what the option says.
    case letterAndText

    /// How token log-probabilities become one score.
    public enum Normalisation: String, Sendable, Hashable {
        /// The option's log-likelihood.
        case sum
        /// Its log-likelihood for each token, so that long options are not at a disadvantage.
        case mean
    }

    /// Labels are scored by their sum; texts of unequal length by their mean.
    public var normalisation: Normalisation { self == .letterAndText ? .mean : .sum }

    /// The unscored beginning of the reply.
    var opening: String {
        switch self {
        case .tag: "<answer>\n"
        case .inlineTag: "<answer>"
        case .bare: ""
        case .letter, .letterAndText: "Answer:"
        }
    }

    /// The reply with this option.
    func reply(_ option: AnswerOption) -> String {
        switch self {
        case .tag, .bare: opening + option.label
        case .inlineTag, .letter: "\(opening) \(option.label)"
        case .letterAndText: "\(opening) \(option.label). \(option.text)"
        }
    }

    /// The score of an option from the log-probabilities of its tokens, of which there is one at
    /// least.
    func score(_ logProbabilities: [Float]) -> Double {
        let sum = logProbabilities.reduce(0.0) { $0 + Double($1) }
        return normalisation == .sum ? sum : sum / Double(logProbabilities.count)
    }
}
