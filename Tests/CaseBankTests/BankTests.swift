import Testing

@testable import CaseBank

@Suite struct BankTests {
    let bank: CaseBank

    init() throws { bank = try SharedCases.bank() }

    @Test func isLargeEnough() {
        #expect(bank.conditions.count >= 48)
        #expect(Set(bank.conditions.map(\.specialty)).count >= 12)
        for condition in bank.conditions {
            #expect(condition.findings.count >= 8, "\(condition.id)")
            #expect(condition.tests.count >= 3, "\(condition.id)")
            #expect(condition.mimics.count >= 3, "\(condition.id)")
        }
    }

    /// The order of the file carries meaning: the most telling finding stands first.
    @Test func keepsTheOrderOfTheFile() throws {
        #expect(bank.conditions.first?.id == "acute-myocardial-infarction")
        #expect(bank.conditions.last?.id == "retinal-detachment")
        let embolism = try #require(bank["pulmonary-embolism"])
        #expect(
            embolism.symptoms.map(\.id)
                == ["sudden-dyspnea", "pleuritic-pain", "hemoptysis", "calf-pain", "faintness"]
        )
        #expect(embolism.title == "Pulmonary embolism")
        #expect(bank["no-such-condition"] == nil)
    }

    @Test func idsAreSlugs() {
        for condition in bank.conditions {
            for id in [condition.id] + condition.findings.map(\.id) {
                #expect(id.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil, "\(condition.id) \(id)")
            }
        }
    }
}
