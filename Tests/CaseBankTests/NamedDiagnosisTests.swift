import Testing

@testable import CaseBank

@Suite struct NamedDiagnosisTests {
    let bank: CaseBank

    init() throws { bank = try SharedCases.bank() }

    private func verdict(_ names: [String], _ text: String) -> DiagnosisVerdict {
        DiagnosisMatcher(diagnoses: [.init(id: "own", names: names)], bank: bank).verdict(on: text)
    }

    @Test(arguments: [
        "Gitelman syndrome", "The diagnosis is Gitelman's syndrome.",
        "Not pneumonia. Final answer: familial hypokalemia.",
        "Pneumonia is unlikely; Gitelman syndrome fits.",
    ])
    func readsNamesOfTheCaller(text: String) {
        let names = ["Gitelman syndrome", "familial hypokalaemia"]
        #expect(verdict(names, text) == .asserted("own"))
    }

    @Test func theBankIsWhatElseMayBeClaimed() {
        let names = ["Gitelman syndrome"]
        #expect(verdict(names, "This is pneumonia.") == .asserted("community-acquired-pneumonia"))
        #expect(verdict(names, "Gitelman syndrome or pneumonia.") == .ambiguous)
        #expect(verdict(names, "It is not Gitelman syndrome.") == .negated)
        #expect(verdict(names, "Bartter syndrome.") == .absent)
    }

    // The bank's condition of this name brings its synonyms, and is no other diagnosis.
    @Test func aConditionOfTheBankBringsItsSynonyms() {
        #expect(verdict(["Pulmonary Embolism"], "PE.") == .asserted("own"))
        #expect(verdict(["Pulmonary Embolism"], "A pulmonary embolism (PE).") == .asserted("own"))
    }

    // A synonym of pneumothorax, as is spontaneous pneumothorax; they are not each other.
    @Test func aSynonymDoesNotBringTheCondition() {
        let names = ["tension pneumothorax"]
        #expect(verdict(names, "Tension pneumothorax.") == .asserted("own"))
        #expect(verdict(names, "Spontaneous pneumothorax.") == .absent)
    }

    @Test func withoutABankOnlyTheOwnNamesAreKnown() {
        let matcher = DiagnosisMatcher(diagnoses: [.init(id: "own", names: ["scurvy"])])
        #expect(matcher.verdict(on: "Scurvy or pneumonia.") == .asserted("own"))
        #expect(matcher.verdict(on: "Pneumonia.") == .absent)
    }

    @Test(arguments: [
        ("The diagnosis is scurvy.", true), ("Answer: scurvy", true), ("Final answer:", false),
        ("Answer: B", false), ("It may be scurvy.", false), ("", false),
    ])
    func announcements(text: String, announces: Bool) {
        let matcher = DiagnosisMatcher(diagnoses: [])
        #expect(matcher.announcesConclusion(in: text) == announces)
    }
}
