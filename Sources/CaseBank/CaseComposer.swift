import Randomness

/// Turns a combination of findings into a case.
struct CaseComposer {
    let bank: CaseBank
    let condition: Condition
    let combination: Combination

    func item(split: CaseSplit, seed: UInt64, optionCount: Int) -> CaseItem {
        var random = RandomStream(seed: seed ^ stableHash([id]))
        let patient = Patient(demographics: condition.demographics, random: &random)
        let vignette = Vignette(
            patient: patient,
            duration: random.pick(condition.durations) ?? "",
            symptoms: random.shuffled(symptoms.map(\.text)),
            signs: random.shuffled(signs.map(\.text)),
            test: test
        )
        let position = random.next(below: optionCount)
        var names = Distractors(bank: bank, condition: condition, patient: patient)
            .names(optionCount - 1, random: &random)
        names.insert(condition.title, at: position)
        let options = zip(Self.letters, names).map { CaseItem.Option(letter: $0, text: $1) }
        return CaseItem(
            id: id,
            split: split,
            vignette: vignette.text(random: &random),
            question: "What is the most likely diagnosis?",
            options: options,
            answer: options[position].letter,
            diagnosis: condition.title,
            synonyms: condition.synonyms,
            specialty: condition.specialty,
            conditionID: condition.id,
            findingIDs: findingIDs,
            investigation: test.name,
            keyFindings: keyFindings,
            diagnosisInText: condition.name
        )
    }

    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".map(String.init)

    private var id: String {
        let digits = String(stableHash([condition.id, test.name] + findingIDs), radix: 16)
        return condition.id + "-" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    private var test: Investigation { condition.tests[combination.test] }
    private var symptoms: [Finding] { chosen(condition.symptoms, offset: 0) }
    private var signs: [Finding] { chosen(condition.signs, offset: condition.symptoms.count) }
    private var findingIDs: [String] { (symptoms + signs).map(\.id).sorted() }

    private func chosen(_ findings: [Finding], offset: Int) -> [Finding] {
        findings.enumerated()
            .filter { combination.findings & (UInt32(1) << (offset + $0.offset)) != 0 }
            .map(\.element)
    }

    /// The first symptom and sign in the order of the file, and the result.
    ///
    /// The later one of the two stays out when all three together are long.
    private var keyFindings: [String] {
        guard let symptom = symptoms.first, let sign = signs.first else { return [test.result] }
        let all = [symptom.text, sign.text, test.result]
        if Prose.list(all).split(separator: " ").count <= 20 { return all }
        let symptomRank = condition.symptoms.firstIndex(of: symptom) ?? 0
        let signRank = condition.signs.firstIndex(of: sign) ?? 0
        return [symptomRank <= signRank ? symptom.text : sign.text, test.result]
    }
}

/// The wrong options of a case.
struct Distractors {
    let bank: CaseBank
    let condition: Condition
    let patient: Patient

    func names(_ count: Int, random: inout RandomStream) -> [String] {
        let others = bank.conditions.filter { $0.id != condition.id && fitsSex($0) }
        let tiers = [
            condition.mimics.compactMap { bank[$0] }.filter(fitsSex),
            others.filter { $0.specialty == condition.specialty && fitsAge($0) },
            others.filter(fitsAge),
            others,
        ]
        var names: [String] = []
        for tier in tiers {
            let candidates = random.shuffled(tier).map(\.title)
            for name in candidates where names.count < count && !names.contains(name) {
                names.append(name)
            }
        }
        return random.shuffled(names)
    }

    private func fitsSex(_ other: Condition) -> Bool {
        switch other.demographics.sex {
        case .any: true
        case .female: patient.isFemale
        case .male: !patient.isFemale
        }
    }

    private func fitsAge(_ other: Condition) -> Bool {
        let months = patient.unit == .months ? patient.age : patient.age * 12
        return other.demographics.months.contains(months)
    }
}
