import FileFormats
import Foundation
import Plots
import Statistics

/// What attacks did to the accuracy of one model: attack.json.
///
/// All accuracies are of the same questions: those without an error anywhere.
public struct AttackSummary: Sendable, Hashable, Codable {
    public let task: String
    public let template: AnswerTemplate
    /// How answers were found.
    public let method: EvaluationMethod
    /// What was evaluated, as the caller names it.
    public let model: String
    public let adapter: String?
    /// The folder of the attack whose images these are, for another model's; nil for its own.
    public let transferredFrom: String?
    public let plan: AttackPlan
    /// Questions with an accuracy.
    public let n: Int
    /// How many images, or sets of images that questions connect, the intervals resample; nil
    /// where every question has an image of its own.
    public let clusters: Int?
    /// Questions that could not be attacked or asked, each with its reason; they count as neither
    /// right nor wrong.
    public let errors: [Failure]
    /// Nil where every question has an error.
    public let clean: VisionSummary.Share?
    /// One for each attack and epsilon.
    public let points: [Point]

    /// A question without a result.
    public struct Failure: Sendable, Hashable, Codable {
        public let id: String
        public let reason: String

        public init(id: String, reason: String) { (self.id, self.reason) = (id, reason) }
    }

    /// One attack at one epsilon.
    public struct Point: Sendable, Hashable, Codable {
        public let attack: AttackMethod
        /// In 255ths.
        public let epsilon: Double
        public let accuracy: VisionSummary.Share
        /// Of the questions right on the clean image, those wrong on this one; nil where none was
        /// right.
        public let flipped: VisionSummary.Share?
        /// Accuracy on clean images less this one, with its paired bootstrap interval, of images
        /// where questions share them.
        public let drop: Double
        public let dropInterval: Interval
        /// Questions whose gradient was zero everywhere: the attack could not see.
        public let blind: Int
        /// The largest change of a value of any written image, in 255ths.
        public let largestChange: Int

        enum CodingKeys: String, CodingKey {
            case attack, epsilon, accuracy, flipped, drop, blind
            case dropInterval = "drop_interval"
            case largestChange = "largest_change"
        }
    }

    enum CodingKeys: String, CodingKey {
        case task, template, method, model, adapter, plan, n, clusters, errors, clean, points
        case transferredFrom = "transferred_from"
    }
}

extension AttackSummary {
    /// What was answered to the questions that have no error.
    public struct Answers: Sendable {
        public let clean: [ItemResult]
        /// By attack and epsilon, in the order of `clean`.
        public let attacked: [(attack: AttackMethod, epsilon: Double, items: [ItemResult])]

        public init(
            clean: [ItemResult],
            attacked: [(attack: AttackMethod, epsilon: Double, items: [ItemResult])]
        ) {
            (self.clean, self.attacked) = (clean, attacked)
        }
    }

    /// What is known besides the answers.
    public struct Facts: Sendable {
        public var task: String
        public var template: AnswerTemplate
        public var method: EvaluationMethod
        public var model: String
        public var adapter: String?
        public var transferredFrom: String?

        public init(
            task: String, template: AnswerTemplate, method: EvaluationMethod, model: String,
            adapter: String?, transferredFrom: String? = nil
        ) {
            (self.task, self.template, self.method) = (task, template, method)
            (self.model, self.adapter) = (model, adapter)
            self.transferredFrom = transferredFrom
        }
    }

    /// Counts answers.
    ///
    /// - Parameters:
    ///   - records: of the questions that were answered, in their order.
    ///   - errors: of the others.
    public init(
        _ facts: Facts, _ plan: AttackPlan, _ answers: Answers, records: [AttackRecord],
        errors: [Failure]
    ) {
        (task, template, method) = (facts.task, facts.template, facts.method)
        (model, adapter) = (facts.model, facts.adapter)
        (transferredFrom, self.plan, self.errors) = (facts.transferredFrom, plan, errors)
        n = answers.clean.count
        let seed = plan.settings.seed
        let before = answers.clean.map(\.correct)
        let labels = answers.clean.map(\.cluster)
        let clusters = Clusters.shared(labels)
        self.clusters = clusters?.count
        clean = before.isEmpty ? nil : VisionSummary.Share(before, clusters, seed: seed)
        points =
            before.isEmpty
            ? []
            : answers.attacked.map { attack, epsilon, items in
                let findings = records.flatMap(\.findings).filter {
                    $0.attack == attack && $0.epsilon == epsilon
                }
                return Point(
                    attack, epsilon, before, items.map(\.correct), labels, findings, seed: seed)
            }
    }
}

extension AttackSummary.Point {
    fileprivate init(
        _ attack: AttackMethod, _ epsilon: Double, _ before: [Bool], _ after: [Bool],
        _ labels: [Int?], _ findings: [AttackFinding], seed: UInt64
    ) {
        let clusters = Clusters.shared(labels)
        (self.attack, self.epsilon) = (attack, epsilon)
        accuracy = VisionSummary.Share(after, clusters, seed: seed)
        let right = before.indices.filter { before[$0] }
        flipped =
            right.isEmpty
            ? nil
            : VisionSummary.Share(
                right.map { !after[$0] }, Clusters.shared(right.map { labels[$0] }), seed: seed)
        let outcomes = PairedOutcomes(first: after, second: before)
        drop = outcomes.difference
        dropInterval =
            clusters?.differenceInterval(first: after, second: before, seed: seed)
            ?? outcomes.bootstrapInterval(seed: seed)
        blind = findings.count { $0.isBlind }
        largestChange = findings.map(\.largestChange).max() ?? 0
    }
}
