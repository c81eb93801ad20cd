/// A diagnosis with the names that a text may use for it.
public struct NamedDiagnosis: Sendable, Hashable {
    /// What `DiagnosisVerdict.asserted` calls it; not an id of the bank.
    public let id: String
    public private(set) var names: [String]
    /// Words that, before a name, make it another disease: `viral` before `meningitis`.
    private(set) var notAfter: [String]

    /// A diagnosis of the caller's own.
    public init(id: String, names: [String]) {
        self.id = id
        self.names = names
        notAfter = []
    }

    init(_ condition: Condition) {
        id = condition.id
        names = condition.allNames
        notAfter = condition.notAfter
    }
}

extension NamedDiagnosis {
    /// Diagnoses of the caller's own with the conditions of a bank, no name belonging to two.
    ///
    /// The condition that a diagnosis names gives it its synonyms and leaves. One that a diagnosis
    /// only shares a synonym with leaves too, but gives nothing: synonyms may be narrower than the
    /// condition, and tension pneumothorax is not any pneumothorax.
    static func join(_ own: [NamedDiagnosis], with conditions: [Condition]) -> [NamedDiagnosis] {
        var result = own
        var owners: [[String]: Int] = [:]
        for (place, diagnosis) in own.enumerated() {
            for name in diagnosis.names { owners[ClinicalText(name).words] = place }
        }
        for condition in conditions {
            let sharing = Set(condition.allNames.compactMap { owners[ClinicalText($0).words] })
            if sharing.isEmpty { result.append(NamedDiagnosis(condition)) }
            guard sharing.count == 1, let owner = owners[ClinicalText(condition.name).words] else {
                continue
            }
            result[owner].names += condition.synonyms
            result[owner].notAfter += condition.notAfter
        }
        return result
    }
}
