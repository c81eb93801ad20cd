/// The checks beyond the layout: counts, references, unique names, and findings that do not
/// give the diagnosis away.
struct CaseBankValidation {
    let conditions: [Condition]

    /// Combinations are enumerated as bit sets; sixteen findings are 65,536 of them.
    static let findingLimit = 16

    var problems: [CaseBankError.Problem] {
        guard !conditions.isEmpty else {
            return [.init(condition: nil, field: "conditions", reason: .missing)]
        }
        return conditions.flatMap(problems(of:)) + duplicateNames
    }

    private func problems(of condition: Condition) -> [CaseBankError.Problem] {
        let faults = counts(condition) + texts(condition) + references(condition)
        return faults.map { .init(condition: condition.id, field: $0.field, reason: $0.reason) }
    }

    private typealias Fault = (field: String, reason: CaseBankError.Reason)

    private func counts(_ condition: Condition) -> [Fault] {
        let lists: [(String, Int, needed: Int)] = [
            ("synonyms", condition.synonyms.count, 1),
            ("duration", condition.durations.count, 1),
            ("findings", condition.findings.count, 8),
            ("findings.symptoms", condition.symptoms.count, 3),
            ("findings.signs", condition.signs.count, 2),
            ("tests", condition.tests.count, 3),
            ("management", condition.management.count, 2),
            ("red_flags", condition.redFlags.count, 1),
            ("mimics", condition.mimics.count, 3),
        ]
        var faults = lists.filter { $0.1 < $0.needed }.map {
            Fault($0.0, .tooFew(found: $0.1, needed: $0.needed))
        }
        if condition.findings.count > Self.findingLimit {
            faults.append(
                (
                    "findings",
                    .tooMany(found: condition.findings.count, allowed: Self.findingLimit)
                )
            )
        }
        return faults
    }

    private func texts(_ condition: Condition) -> [Fault] {
        let named = [("name", condition.name), ("specialty", condition.specialty)]
        var faults: [Fault] = (named + condition.labelledTexts).compactMap { field, text in
            if text.isEmpty { return (field, .missing) }
            let clean = text == text.collapsingSpaces && text.last != "."
            return clean ? nil : (field, .malformed("has stray spaces or a final period"))
        }
        let leaks = AliasIndex(conditions: [condition])
        faults += condition.labelledTexts
            .filter { !leaks.mentions(in: ClinicalText($0.text)).isEmpty }
            .map { ($0.field, .namesDiagnosis($0.text)) }
        let badDurations = condition.durations.filter { $0.split(separator: " ").count != 2 }
        faults += badDurations.map { ("duration", .malformed("\"\($0)\" is not number and unit")) }
        return faults
    }

    private func references(_ condition: Condition) -> [Fault] {
        let known = Set(conditions.map(\.id))
        var faults: [Fault] = condition.mimics.filter { !known.contains($0) }
            .map { ("mimics", .unknownCondition($0)) }
        if condition.mimics.contains(condition.id) {
            faults.append(("mimics", .malformed("names the condition itself")))
        }
        var seen: Set<String> = []
        faults += condition.findings.filter { !seen.insert($0.id).inserted }
            .map { ("findings", .duplicateID($0.id)) }
        return faults
    }

    /// Names that, spelling and case aside, belong to two conditions.
    private var duplicateNames: [CaseBankError.Problem] {
        var owners: [[String]: String] = [:]
        var problems: [CaseBankError.Problem] = []
        for condition in conditions {
            for (index, name) in condition.allNames.enumerated() {
                let key = ClinicalText(name).words
                if let owner = owners[key], owner != condition.id {
                    problems.append(
                        .init(
                            condition: condition.id,
                            field: index == 0 ? "name" : "synonyms",
                            reason: .duplicateName(name, other: owner)
                        )
                    )
                }
                owners[key] = condition.id
            }
        }
        return problems
    }
}

extension Condition {
    /// Every text that can stand in a vignette, with its field.
    fileprivate var labelledTexts: [(field: String, text: String)] {
        symptoms.map { ("findings.symptoms.\($0.id)", $0.text) }
            + signs.map { ("findings.signs.\($0.id)", $0.text) }
            + tests.flatMap { [("tests", $0.name), ("tests.\($0.name)", $0.result)] }
            + demographics.contexts.map { ("demographics.context", $0) }
            + demographics.riskFactors.map { ("demographics.risk_factors", $0) }
    }
}
