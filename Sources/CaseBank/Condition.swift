/// A disease of the case bank: how it presents, how it is proved and what is done first.
public struct Condition: Sendable, Hashable {
    /// The stable key of the condition in the file, such as `pulmonary-embolism`.
    public let id: String
    /// The name as it stands inside a sentence, such as `pulmonary embolism`.
    public let name: String
    public let synonyms: [String]
    /// Words that, before the name, make it another disease: `viral` before `meningitis`.
    public let notAfter: [String]
    public let specialty: String
    public let demographics: Demographics
    /// How long it has lasted: a number and a unit, such as `two hours`.
    public let durations: [String]
    /// What the patient reports, the most telling first.
    public let symptoms: [Finding]
    /// What examination shows, the most telling first.
    public let signs: [Finding]
    public let tests: [Investigation]
    /// The first steps of treatment, in order.
    public let management: [String]
    /// When to escalate.
    public let redFlags: [String]
    /// Ids of the conditions that it is confused with.
    public let mimics: [String]

    /// The name as it stands at the start of a sentence or as an option.
    public var title: String { name.capitalizingFirst }

    /// Symptoms, then signs: the findings of which combinations are kept apart between splits.
    public var findings: [Finding] { symptoms + signs }

    /// Every name that a text may use for the condition.
    var allNames: [String] { [name] + synonyms }
}

/// A symptom or sign: a noun phrase that completes "presents with" or "she has".
public struct Finding: Sendable, Hashable {
    /// The stable key of the finding, unique within its condition.
    public let id: String
    public let text: String
}

/// An investigation and what it typically shows in the condition.
public struct Investigation: Sendable, Hashable {
    public let name: String
    /// A noun phrase that completes "shows".
    public let result: String
}

/// Who gets the condition.
public struct Demographics: Sendable, Hashable {
    /// Whom the condition can affect.
    public enum Sex: String, Sendable, Hashable, Codable {
        case any, female, male
    }

    /// In which unit the ages are given.
    public enum AgeUnit: String, Sendable, Hashable, Codable {
        case years, months
    }

    public let ages: ClosedRange<Int>
    public let ageUnit: AgeUnit
    public let sex: Sex
    /// Circumstances that follow the person, such as `at 34 weeks of pregnancy`; often none.
    public let contexts: [String]
    public let riskFactors: [String]

    /// The ages in months, for comparing conditions of different units.
    var months: ClosedRange<Int> {
        switch ageUnit {
        case .years: (ages.lowerBound * 12)...(ages.upperBound * 12 + 11)
        case .months: ages
        }
    }
}
