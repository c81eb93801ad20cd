import Testing

@testable import CaseBank

@Suite struct SplitTests {
    let bank: CaseBank
    let cases: [CaseSplit: [CaseItem]]

    init() throws {
        bank = try SharedCases.bank()
        cases = try SharedCases.bySplit()
    }

    private struct Shown: Hashable {
        let condition: String
        let findings: Set<String>
    }

    private func shown(_ split: CaseSplit) -> Set<Shown> {
        Set(
            (cases[split] ?? []).map {
                Shown(condition: $0.conditionID, findings: Set($0.findingIDs))
            }
        )
    }

    private func pairs(_ split: CaseSplit) -> Set<Shown> {
        Set(
            shown(split).flatMap { shown in
                shown.findings.flatMap { first in
                    shown.findings.filter { $0 != first }.map {
                        Shown(condition: shown.condition, findings: [first, $0])
                    }
                }
            }
        )
    }

    /// 8,000 cases of each split, of two seeds.
    @Test func splitsShareNoCombination() {
        #expect(shown(.train).isDisjoint(with: shown(.test)))
        #expect(shown(.train).isDisjoint(with: shown(.validation)))
        #expect(shown(.validation).isDisjoint(with: shown(.test)))
    }

    /// Each test case shows two findings together that training never shows together.
    @Test func testCasesShowANewPair() {
        let seen = pairs(.train).union(pairs(.validation))
        for item in cases[.test] ?? [] {
            let new = item.findingIDs.contains { first in
                item.findingIDs.contains { second in
                    first < second
                        && !seen.contains(
                            Shown(condition: item.conditionID, findings: [first, second])
                        )
                }
            }
            #expect(new, "\(item.id)")
        }
    }

    /// A model can learn all that a test case asks: each condition, finding and investigation by
    /// itself occurs in every split.
    @Test(arguments: CaseSplit.allCases) func everyFindingOccurs(split: CaseSplit) {
        var findings: [String: Set<String>] = [:]
        var tests: [String: Set<String>] = [:]
        for item in cases[split] ?? [] {
            findings[item.conditionID, default: []].formUnion(item.findingIDs)
            tests[item.conditionID, default: []].insert(item.investigation)
        }
        for condition in bank.conditions {
            #expect(findings[condition.id] == Set(condition.findings.map(\.id)), "\(condition.id)")
            #expect(tests[condition.id] == Set(condition.tests.map(\.name)), "\(condition.id)")
        }
    }

    /// Six findings in a row a to f: test gets ab, cd, ef, and validation gets bc, de.
    ///
    /// Of the 20 sets of three, no two neighbours stand in C(4, 3) = 4; only these are training.
    @Test func reservesNeighbouringPairs() throws {
        let condition = try #require(CaseBank(yaml: SmallBank.yaml, file: "bank.yaml")["alpha"])
        let six = Condition(
            id: "six",
            name: "six",
            synonyms: [],
            notAfter: [],
            specialty: "testing",
            demographics: condition.demographics,
            durations: [],
            symptoms: condition.symptoms,
            signs: Array(condition.signs.prefix(2)),
            tests: [],
            management: [],
            redFlags: [],
            mimics: []
        )
        let rule = CombinationSplit(condition: six)
        let triples = (0..<UInt32(64)).filter { $0.nonzeroBitCount == 3 }
        let pairs = (0..<UInt32(64)).filter { $0.nonzeroBitCount == 2 }
        #expect(triples.count { rule.split(of: $0) == .train } == 4)
        #expect(pairs.count { rule.split(of: $0) == .test } == 3)
        #expect(pairs.count { rule.split(of: $0) == .validation } == 2)
        #expect(rule.split(of: 63) == .test)
    }
}
