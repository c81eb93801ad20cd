import Foundation
import Testing

@testable import CaseBank

@Suite struct GeneratorTests {
    let bank: CaseBank

    init() throws { bank = try SharedCases.bank() }

    /// Changes only when the bank, the generator or the sentences change: then look at it.
    @Test func isStable() throws {
        let item = try #require(try bank.generate(split: .train, count: 1, seed: 7).first)
        #expect(item.id == "mania-521a40e74a5174e0")
        #expect(
            item.vignette == """
                A 23-year-old woman is seen after two weeks of needing only three hours of sleep \
                and belief in a special mission. \
                Her history includes a mother with a mood disorder. \
                Examination shows pressured speech that cannot be interrupted. \
                Urine drug screen reveals no illicit substances.
                """
        )
        #expect(
            item.options.map(\.text) == [
                "Cushing syndrome", "Bipolar mania", "Major depressive disorder", "Graves disease",
            ]
        )
        #expect(item.answer == "B")
    }

    @Test func repeatsUnderOneSeedOnly() throws {
        let first = try bank.generate(split: .test, count: 200, seed: 5)
        #expect(try bank.generate(split: .test, count: 200, seed: 5) == first)
        #expect(try Array(bank.generate(split: .test, count: 300, seed: 5).prefix(200)) == first)
        #expect(try bank.generate(split: .test, count: 200, seed: 6) != first)
    }

    @Test(arguments: CaseSplit.allCases) func exhaustsASplitWithoutDuplicates(split: CaseSplit)
        throws
    {
        let capacity = bank.capacity(split: split)
        #expect(capacity >= 5000)
        let items = try bank.generate(split: split, count: capacity, seed: 1)
        #expect(Set(items.map(\.id)).count == capacity)
        #expect(Set(items.map(\.vignette)).count == capacity)
        #expect(
            throws: CaseGenerationError.tooManyRequested(
                split: split,
                requested: capacity + 1,
                available: capacity
            )
        ) { try bank.generate(split: split, count: capacity + 1, seed: 1) }
    }

    @Test func refusesImpossibleRequests() throws {
        #expect(throws: CaseGenerationError.negativeCount(-1)) {
            try bank.generate(split: .train, count: -1, seed: 1)
        }
        #expect(throws: CaseGenerationError.optionCount(1, allowed: 2...26)) {
            try bank.generate(split: .train, count: 1, seed: 1, optionCount: 1)
        }
        #expect(throws: CaseGenerationError.optionCount(27, allowed: 2...26)) {
            try bank.generate(split: .train, count: 1, seed: 1, optionCount: 27)
        }
        #expect(try bank.generate(split: .train, count: 0, seed: 1).isEmpty)
    }

    /// 580 cases of 58 conditions: ten each.
    @Test func conditionsTakeTurns() throws {
        let items = try bank.generate(split: .train, count: bank.conditions.count * 10, seed: 2)
        let counts = Dictionary(grouping: items, by: \.conditionID).mapValues(\.count)
        #expect(counts.count == bank.conditions.count)
        #expect(counts.values.allSatisfy { $0 == 10 })
    }

    /// 4,000 cases: 1,000 a letter, standard deviation sqrt(4000 * 1/4 * 3/4) = 27; five are 137.
    @Test func answerPositionsAreBalanced() throws {
        let items = try bank.generate(split: .test, count: 4000, seed: 9)
        let counts = Dictionary(grouping: items, by: \.answer).mapValues(\.count)
        #expect(Set(counts.keys) == ["A", "B", "C", "D"])
        #expect(counts.values.allSatisfy { (863...1137).contains($0) })
    }

    @Test(arguments: [2, 4, 5, 10]) func optionsAreDistinctAndHoldTheAnswer(count: Int) throws {
        for item in try bank.generate(split: .train, count: 1000, seed: 3, optionCount: count) {
            #expect(item.options.count == count)
            #expect(Set(item.options.map(\.text)).count == count)
            #expect(item.options.map(\.letter) == "ABCDEFGHIJ".prefix(count).map(String.init))
            let right = item.options.first { $0.letter == item.answer }
            #expect(right?.text == item.diagnosis)
            #expect(bank[item.conditionID]?.title == item.diagnosis)
        }
    }

    /// Mimics come first: with four options and at least three mimics of fitting sex, all three
    /// wrong options are mimics.
    @Test func wrongOptionsAreMimicsAndFitTheSex() throws {
        let sexes = Dictionary(
            uniqueKeysWithValues: bank.conditions.map { ($0.title, $0.demographics.sex) }
        )
        for item in try bank.generate(split: .test, count: 2000, seed: 4) {
            let isFemale = item.vignette.contains("woman") || item.vignette.contains("girl")
            for option in item.options {
                #expect(sexes[option.text] != (isFemale ? .male : .female), "\(item.id)")
            }
            let condition = try #require(bank[item.conditionID])
            let mimics = condition.mimics.compactMap { bank[$0] }
            guard mimics.count(where: { $0.demographics.sex == .any }) >= 3 else { continue }
            let wrong = item.options.map(\.text).filter { $0 != item.diagnosis }
            #expect(Set(wrong).isSubset(of: mimics.map(\.title)), "\(item.id)")
        }
    }

    @Test func itemsSurviveJSON() throws {
        let items = try bank.generate(split: .validation, count: 20, seed: 8)
        let data = try JSONEncoder().encode(items)
        #expect(try JSONDecoder().decode([CaseItem].self, from: data) == items)
    }
}
