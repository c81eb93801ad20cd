/// The layout of `conditions.yaml`; unknown keys are refused.
struct ConditionFile: Decodable {
    let conditions: OrderedMap<ConditionEntry>

    private enum CodingKeys: String, CodingKey, CaseIterable { case conditions }

    init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        conditions = try container.decode(OrderedMap<ConditionEntry>.self, forKey: .conditions)
    }
}

/// One condition as written, without its id.
struct ConditionEntry: Decodable {
    let name: String
    let synonyms: [String]
    let notAfter: [String]
    let specialty: String
    let demographics: DemographicsEntry
    let durations: [String]
    let findings: FindingsEntry
    let tests: OrderedMap<String>
    let management: [String]
    let redFlags: [String]
    let mimics: [String]

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name, synonyms, specialty, demographics, findings, tests, management, mimics
        case notAfter = "not_after"
        case durations = "duration"
        case redFlags = "red_flags"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        synonyms = try container.decode([String].self, forKey: .synonyms)
        notAfter = try container.decodeIfPresent([String].self, forKey: .notAfter) ?? []
        specialty = try container.decode(String.self, forKey: .specialty)
        demographics = try container.decode(DemographicsEntry.self, forKey: .demographics)
        durations = try container.decode([String].self, forKey: .durations)
        findings = try container.decode(FindingsEntry.self, forKey: .findings)
        tests = try container.decode(OrderedMap<String>.self, forKey: .tests)
        management = try container.decode([String].self, forKey: .management)
        redFlags = try container.decode([String].self, forKey: .redFlags)
        mimics = try container.decode([String].self, forKey: .mimics)
    }

    func condition(id: String) -> Condition {
        Condition(
            id: id,
            name: name,
            synonyms: synonyms,
            notAfter: notAfter,
            specialty: specialty,
            demographics: demographics.value,
            durations: durations,
            symptoms: findings.symptoms.pairs.map { Finding(id: $0.key, text: $0.value) },
            signs: findings.signs.pairs.map { Finding(id: $0.key, text: $0.value) },
            tests: tests.pairs.map { Investigation(name: $0.key, result: $0.value) },
            management: management,
            redFlags: redFlags,
            mimics: mimics
        )
    }
}

struct FindingsEntry: Decodable {
    let symptoms: OrderedMap<String>
    let signs: OrderedMap<String>

    private enum CodingKeys: String, CodingKey, CaseIterable { case symptoms, signs }

    init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        symptoms = try container.decode(OrderedMap<String>.self, forKey: .symptoms)
        signs = try container.decode(OrderedMap<String>.self, forKey: .signs)
    }
}

struct DemographicsEntry: Decodable {
    let value: Demographics

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case age, sex, context
        case ageUnit = "age_unit"
        case riskFactors = "risk_factors"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        let age = try container.decode([Int].self, forKey: .age)
        guard age.count == 2, 0 < age[0], age[0] <= age[1], age[1] <= 120 else {
            throw DecodingError.dataCorruptedError(
                forKey: .age,
                in: container,
                debugDescription: "must be [from, to] with 0 < from <= to <= 120"
            )
        }
        value = Demographics(
            ages: age[0]...age[1],
            ageUnit: try container.decodeIfPresent(Demographics.AgeUnit.self, forKey: .ageUnit)
                ?? .years,
            sex: try container.decode(Demographics.Sex.self, forKey: .sex),
            contexts: try container.decodeIfPresent([String].self, forKey: .context) ?? [],
            riskFactors: try container.decodeIfPresent([String].self, forKey: .riskFactors) ?? []
        )
    }
}
