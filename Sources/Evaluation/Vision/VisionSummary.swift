import Statistics

/// What an evaluation of image questions came to: vision.json.
public struct VisionSummary: Sendable, Hashable, Codable {
    public let task: String
    /// What was evaluated, as the caller names it.
    public let model: String
    public let adapter: String?
    public let settings: VisionSettings
    /// SHA-256 of the file of the questions.
    public let dataHash: String
    /// SHA-256 of the file that controls learnt from; nil where there was none.
    public let trainHash: String?
    /// How many questions that file has.
    public let trainQuestions: Int?
    /// Number of questions asked.
    public let n: Int
    /// Open questions that were left out, since they cannot be asked by likelihood.
    public let unasked: Int
    /// One for each template.
    public let templates: [Template]
    /// The first template less the second, where there are two or more.
    public let difference: [Difference]?

    /// What one template came to.
    public struct Template: Sendable, Hashable, Codable {
        public let template: AnswerTemplate
        /// All questions first, then the breakdowns.
        public let rows: [Row]
    }

    /// A share with its 95 % interval: the score interval (Wilson), which has a width also where
    /// all are right; where questions share images a bootstrap of the images.
    public struct Share: Sendable, Hashable, Codable {
        public let value: Double
        public let interval: Interval

        /// - Parameter clusters: nil where every question has an image of its own.
        init(_ outcomes: [Bool], _ clusters: Clusters? = nil, seed: UInt64 = 0) {
            let share = Proportion(outcomes)
            value = share.value
            interval =
                clusters?.shareInterval(outcomes, seed: seed) ?? share.wilsonInterval()
        }
    }

    /// What answers the questions without looking at their images.
    public struct Control: Sendable, Hashable, Codable {
        /// `majority`, `prior`, `blank` or `shuffled`.
        public let name: String
        /// Nil where it is missing.
        public let accuracy: Share?
        /// Why it is missing.
        public let missing: String?
    }

    /// The accuracy less that of the best control, with its paired bootstrap interval.
    public struct Gain: Sendable, Hashable, Codable {
        public let value: Double
        public let interval: Interval
        /// The best control; the first among equals.
        public let over: String
    }

    /// A part of the questions.
    public struct Row: Sendable, Hashable, Codable {
        /// What the part's questions share; empty for all of them.
        public let facets: [String: String]
        public let n: Int
        /// How many images, or sets of images that questions connect, the intervals resample; nil
        /// where every question has an image of its own.
        public let clusters: Int?
        /// Read forgivingly.
        public let accuracy: Share
        /// Read strictly; nil by likelihood.
        public let strict: Share?
        /// Replies of the form asked for; nil by likelihood.
        public let form: Share?
        public let controls: [Control]
        /// Nil without controls.
        public let visualGain: Gain?
        /// Of the open questions among them; nil where there are none.
        public let open: Open?
        /// By likelihood, where all questions offer the same options; else nil.
        public let options: Options?

        enum CodingKeys: String, CodingKey {
            case facets, n, clusters, accuracy, strict, form, controls, open, options
            case visualGain = "visual_gain"
        }
    }

    /// Means over open questions.
    public struct Open: Sendable, Hashable, Codable {
        public let n: Int
        /// The share of answers that are the right one after normalisation.
        public let exact: Double
        public let tokenF1: Double
        /// What LLaVA-Med reports of open questions.
        public let tokenRecall: Double

        enum CodingKeys: String, CodingKey {
            case n, exact
            case tokenF1 = "token_f1"
            case tokenRecall = "token_recall"
        }
    }

    /// One template's accuracy less another's, over the same questions.
    public struct Difference: Sendable, Hashable, Codable {
        public let facets: [String: String]
        public let n: Int
        public let value: Double
        /// Paired bootstrap, of images where questions share them.
        public let interval: Interval
        /// McNemar's exact p, which takes questions as independent.
        public let p: Double

        enum CodingKeys: String, CodingKey {
            case facets, n, value, interval
            case p = "mcnemar_p"
        }
    }

    enum CodingKeys: String, CodingKey {
        case task, model, adapter, settings, n, unasked, templates, difference
        case dataHash = "data_sha256"
        case trainHash = "train_sha256"
        case trainQuestions = "train_questions"
    }
}

extension VisionSummary.Row {
    /// "all", or "CT / Disease Diagnosis", in the order of a breakdown.
    func name(_ breakdown: [String]) -> String {
        facets.isEmpty ? "all" : breakdown.compactMap { facets[$0] }.joined(separator: " / ")
    }

    /// The accuracy of a control; nil where it is missing.
    func control(_ name: String) -> Double? {
        controls.first { $0.name == name }?.accuracy?.value
    }
}
