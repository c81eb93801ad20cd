/// What an attack found for one question.
public struct AttackFinding: Sendable, Hashable, Codable {
    public let attack: AttackMethod
    /// In 255ths.
    public let epsilon: Double
    /// The adversarial image as PNG, below the attack's folder.
    public let image: String
    /// The loss of what was found, before it was rounded to eight bits; nil for noise.
    public let loss: Double?
    /// Whether the gradient was zero everywhere at the first step.
    public let isBlind: Bool
    /// The largest change of a value of the written image, in 255ths.
    public let largestChange: Int

    /// What one attack found at one epsilon.
    public init(
        attack: AttackMethod, epsilon: Double, image: String, loss: Double?, isBlind: Bool,
        largestChange: Int
    ) {
        (self.attack, self.epsilon, self.image) = (attack, epsilon, image)
        (self.loss, self.isBlind, self.largestChange) = (loss, isBlind, largestChange)
    }

    enum CodingKeys: String, CodingKey {
        case attack, epsilon, image, loss
        case isBlind = "blind"
        case largestChange = "largest_change"
    }
}

/// All that was found for one question, or why nothing was: a file of the attack's folder.
public struct AttackRecord: Sendable, Hashable, Codable {
    /// The question's id.
    public let id: String
    /// The loss on the clean image; nil where there was an error.
    public let loss: Double?
    public let findings: [AttackFinding]
    /// Why nothing was found: the question counts for no accuracy.
    public let error: String?

    /// What was found for one question.
    public init(id: String, loss: Double?, findings: [AttackFinding], error: String?) {
        (self.id, self.loss, self.findings, self.error) = (id, loss, findings, error)
    }
}

/// What is tried on every image.
public struct AttackPlan: Sendable, Hashable, Codable {
    public var attacks: [AttackMethod]
    /// In 255ths, ascending, above 0.
    public var epsilons: [Double]
    public var settings: AttackSettings

    public init(attacks: [AttackMethod], epsilons: [Double], settings: AttackSettings) {
        (self.attacks, self.epsilons, self.settings) = (attacks, epsilons, settings)
    }

    /// The plan, with its epsilons in order.
    ///
    /// - Throws: ``AttackPlanError`` that names what is out of range.
    public func validated() throws(AttackPlanError) -> AttackPlan {
        // No value moves by more than 255; no length is more than that of all values of the
        // largest image that is read.
        let (least, most) = settings.norm == .linf ? (1.0, 255.0) : (0.001, 4e6)
        let range = "must be from \(least) to \(most) under \(settings.norm.rawValue), in 255ths"
        let checks = [
            ("attacks", !attacks.isEmpty && Set(attacks).count == attacks.count, "must differ"),
            ("epsilon", !epsilons.isEmpty && epsilons.allSatisfy { (least...most) ~= $0 }, range),
            ("epsilon", Set(epsilons).count == epsilons.count, "must differ"),
            ("steps", (1...10_000) ~= settings.steps, "must be from 1 to 10000"),
            ("restarts", (1...1_000) ~= settings.restarts, "must be from 1 to 1000"),
            (
                "restarts", settings.restarts == 1 || settings.randomStart,
                "are all the same without a random start"
            ),
            (
                "step-share", settings.stepShare > 0 && settings.stepShare <= 2,
                "must be above 0 and at most 2"
            ),
        ]
        for (option, holds, reason) in checks where !holds {
            throw AttackPlanError(option: option, reason: reason)
        }
        var plan = self
        plan.epsilons.sort()
        return plan
    }
}

/// Why an attack cannot be made as it was asked for.
public struct AttackPlanError: Error, Sendable, Hashable, CustomStringConvertible {
    /// As the command line calls it.
    public let option: String
    /// What is wrong, as the end of a sentence about the option.
    public let reason: String

    /// Option and reason.
    public var description: String { "--\(option) \(reason)" }
}
