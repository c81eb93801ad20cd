import Randomness

/// The person of a vignette.
struct Patient {
    let age: Int
    let unit: Demographics.AgeUnit
    let isFemale: Bool
    let context: String?
    let riskFactor: String?

    init(demographics: Demographics, random: inout RandomStream) {
        age = demographics.ages.lowerBound + random.next(below: demographics.ages.count)
        unit = demographics.ageUnit
        let coin = random.next(below: 2) == 0
        switch demographics.sex {
        case .any: isFemale = coin
        case .female: isFemale = true
        case .male: isFemale = false
        }
        context = random.pick(demographics.contexts)
        riskFactor = random.next(below: 2) == 0 ? random.pick(demographics.riskFactors) : nil
    }

    /// "a 54-year-old woman", with the context where there is one.
    var noun: String {
        let isChild = unit == .months || age < 18
        let person = isFemale ? (isChild ? "girl" : "woman") : (isChild ? "boy" : "man")
        let years = unit == .months ? "month" : "year"
        let phrase = "\(Prose.article(before: "\(age)")) \(age)-\(years)-old \(person)"
        return phrase + (context.map { " \($0)" } ?? "")
    }

    var pronoun: String { isFemale ? "she" : "he" }
    var possessive: String { isFemale ? "her" : "his" }
}

/// The sentences of a case.
struct Vignette {
    let patient: Patient
    let duration: String
    let symptoms: [String]
    let signs: [String]
    let test: Investigation

    func text(random: inout RandomStream) -> String {
        let history = patient.riskFactor.map {
            "\(patient.possessive.capitalizingFirst) history includes \($0)."
        }
        let opening = random.pick(openings) ?? ""
        let examination = random.pick(examinations) ?? ""
        let investigation = random.pick(investigations) ?? ""
        return [opening, history, examination, investigation]
            .compactMap { $0 }.joined(separator: " ")
    }

    private var openings: [String] {
        let person = patient.noun
        let subject = person.capitalizingFirst
        let complaint = Prose.list(symptoms)
        let span = Prose.attributive(duration)
        let history = "\(Prose.article(before: span)) \(span) history"
        return [
            "\(subject) presents with \(history) of \(complaint).",
            "\(subject) is seen after \(duration) of \(complaint).",
            "For \(duration), \(person) has had \(complaint).",
            "\(subject) is assessed for \(complaint), which began \(duration) ago.",
            "Over \(duration), \(person) has developed \(complaint).",
        ]
    }

    private var examinations: [String] {
        let found = Prose.list(signs)
        return [
            "On examination, \(patient.pronoun) has \(found).",
            "Examination shows \(found).",
            "Physical examination reveals \(found).",
            "The examiner notes \(found).",
        ]
    }

    private var investigations: [String] {
        ["shows", "reveals", "demonstrates"].map { "\(test.name) \($0) \(test.result)." }
    }
}
