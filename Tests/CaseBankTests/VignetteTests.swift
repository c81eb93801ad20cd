import Testing

@testable import CaseBank

@Suite struct VignetteTests {
    let bank: CaseBank
    let items: [CaseItem]

    init() throws {
        bank = try SharedCases.bank()
        items = try SharedCases.items()
    }

    /// Looked for twice: as the matcher reads, and as plain substrings of the lower-case text.
    @Test func noVignetteNamesItsDiagnosis() throws {
        for item in items {
            let condition = try #require(bank[item.conditionID])
            let index = AliasIndex(conditions: [condition])
            #expect(index.mentions(in: ClinicalText(item.vignette)).isEmpty, "\(item.id)")
            let text = item.vignette.lowercased()
            for name in condition.allNames where name.count > 5 {
                #expect(!text.contains(name.lowercased()), "\(item.id): \(name)")
            }
        }
    }

    @Test func sentencesAreWellFormed() {
        for item in items {
            let text = item.vignette
            #expect(!text.contains("  "), "\(text)")
            #expect(!text.contains(" .") && !text.contains(" ,") && !text.contains(".."), "\(text)")
            #expect(text.hasSuffix("."), "\(text)")
            let sentences = text.split(separator: /\.\s/)
            #expect((3...4).contains(sentences.count), "\(text)")
            for sentence in sentences {
                #expect(sentence.first?.isUppercase == true, "\(text)")
            }
        }
    }

    /// An 8, 11, 18 or 80 to 89, and a everything else.
    @Test func articlesFitTheAge() throws {
        var ages: Set<Int> = []
        for item in items {
            let match = try #require(
                item.vignette.firstMatch(of: /\b([Aa]n?) (\d+)-(year|month)-old/)
            )
            let age = try #require(Int(match.2))
            ages.insert(age)
            let vowel = [8, 11, 18].contains(age) || (80...89).contains(age)
            #expect(match.1.lowercased() == (vowel ? "an" : "a"), "\(item.vignette)")
        }
        #expect(ages.isSuperset(of: [8, 11, 18, 80]))
    }

    @Test func personAndPronounAgree() {
        for item in items {
            let isFemale = item.vignette.contains(/\b(woman|girl)\b/)
            let isMale = item.vignette.contains(/\b(man|boy)\b/)
            #expect(isFemale != isMale, "\(item.vignette)")
            let hasHe = item.vignette.contains(/\b([Hh]e|[Hh]is)\b/)
            let hasShe = item.vignette.contains(/\b([Ss]he|[Hh]er)\b/)
            #expect(isFemale ? !hasHe : !hasShe, "\(item.vignette)")
        }
    }

    @Test func agesFitTheCondition() throws {
        for item in items {
            let match = try #require(item.vignette.firstMatch(of: /(\d+)-(year|month)-old (\w+)/))
            let age = try #require(Int(match.1))
            let demographics = try #require(bank[item.conditionID]?.demographics)
            #expect(demographics.ages.contains(age))
            #expect((match.2 == "month") == (demographics.ageUnit == .months))
            let isChild = match.2 == "month" || age < 18
            #expect(["boy", "girl"].contains(match.3) == isChild)
        }
    }

    @Test(arguments: [
        ("8", "an"), ("11", "an"), ("18", "an"), ("80", "an"), ("18-month", "an"), ("1", "a"),
        ("54", "a"), ("110", "a"), ("one-hour", "a"), ("eight-day", "an"), ("two-day", "a"),
    ])
    func article(word: String, expected: String) {
        #expect(Prose.article(before: word) == expected)
    }

    @Test func lists() {
        #expect(Prose.list(["a"]) == "a")
        #expect(Prose.list(["a", "b"]) == "a and b")
        #expect(Prose.list(["a", "b", "c"]) == "a, b and c")
        #expect(Prose.list(["a and b", "c"]) == "a and b, and c")
        #expect(Prose.attributive("two hours") == "two-hour")
        #expect(Prose.attributive("one year") == "one-year")
    }
}
