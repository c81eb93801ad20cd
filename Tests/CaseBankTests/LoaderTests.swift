import Foundation
import TestSupport
import Testing

@testable import CaseBank

/// A bank of four small conditions that each mimic the others, for breaking in one place.
enum SmallBank {
    static let names = ["alpha", "beta", "gamma", "delta"]

    static var yaml: String {
        "conditions:\n" + names.map(entry).joined()
    }

    private static func entry(_ name: String) -> String {
        let mimics = names.filter { $0 != name }.joined(separator: ", ")
        let symptoms = (1...4).map { "        s\($0): complaint \($0)\n" }.joined()
        let signs = (1...4).map { "        g\($0): sign \($0)\n" }.joined()
        let tests = (1...3).map { "      Test \($0): result \($0)\n" }.joined()
        return """
              \(name):
                name: \(name) disease
                synonyms: [\(name)osis]
                specialty: testing
                demographics:
                  age: [20, 40]
                  sex: any
                duration: [two days]
                findings:
                  symptoms:
            \(symptoms)      signs:
            \(signs)    tests:
            \(tests)    management: [first, second]
                red_flags: [flag]
                mimics: [\(mimics)]

            """
    }
}

@Suite struct LoaderTests {
    private func problems(_ old: String, _ new: String) throws -> [CaseBankError.Problem] {
        let range = try #require(SmallBank.yaml.range(of: old))
        let broken = SmallBank.yaml.replacingCharacters(in: range, with: new)
        do {
            _ = try CaseBank(yaml: broken, file: "bank.yaml")
            return []
        } catch {
            #expect(error.file == "bank.yaml")
            return error.problems
        }
    }

    @Test func acceptsASmallBank() throws {
        #expect(try CaseBank(yaml: SmallBank.yaml, file: "bank.yaml").conditions.count == 4)
    }

    /// Each row breaks the first condition in one place.
    @Test(arguments: [
        ("    name: alpha disease\n", "", "name", CaseBankError.Reason.missing),
        ("name: alpha disease", "name: \"\"", "name", .missing),
        ("    specialty: testing", "    speciality: testing", "speciality", .unknownKey),
        ("      sex: any", "      sex: any\n      height: 2", "demographics.height", .unknownKey),
        ("synonyms: [alphaosis]", "synonyms: []", "synonyms", .tooFew(found: 0, needed: 1)),
        ("        s1: complaint 1\n", "", "findings", .tooFew(found: 7, needed: 8)),
        ("      Test 1: result 1\n", "", "tests", .tooFew(found: 2, needed: 3)),
        ("mimics: [beta, ", "mimics: [omega, ", "mimics", .unknownCondition("omega")),
        ("        g1: sign 1", "        s1: sign 1", "findings", .duplicateID("s1")),
        (
            "s1: complaint 1", "s1: an Alpha-disease rash", "findings.symptoms.s1",
            .namesDiagnosis("an Alpha-disease rash")
        ),
        (
            "s1: complaint 1", "s1: \"complaint  1\"", "findings.symptoms.s1",
            .malformed("has stray spaces or a final period")
        ),
        ("[two days]", "[acute]", "duration", .malformed("\"acute\" is not number and unit")),
    ])
    func namesConditionFieldAndReason(
        old: String,
        new: String,
        field: String,
        reason: CaseBankError.Reason
    ) throws {
        let expected = CaseBankError.Problem(condition: "alpha", field: field, reason: reason)
        #expect(try problems(old, new) == [expected])
    }

    /// A synonym that differs from another condition's name in case and hyphens only.
    @Test func refusesOneNameForTwoConditions() throws {
        let found = try problems("[betaosis]", "[betaosis, Alpha-Disease]")
        #expect(
            found == [
                .init(
                    condition: "beta",
                    field: "synonyms",
                    reason: .duplicateName("Alpha-Disease", other: "alpha")
                )
            ]
        )
    }

    @Test func reportsAllProblems() throws {
        let broken = SmallBank.yaml.replacingOccurrences(
            of: "red_flags: [flag]",
            with: "red_flags: []"
        )
        let error = try #require(throws: CaseBankError.self) {
            try CaseBank(yaml: broken, file: "bank.yaml")
        }
        #expect(error.problems.map(\.condition) == SmallBank.names)
        #expect(
            error.description.hasPrefix(
                "bank.yaml: condition alpha: field red_flags: has 0 entries, needs at least 1"
            )
        )
    }

    @Test(arguments: [
        ("      age: [20, 40]", "      age: [40, 20]"), ("sex: any", "sex: maybe"),
        ("age: [20, 40]", "age: [twenty]"),
    ])
    func refusesBadValues(old: String, new: String) throws {
        let found = try problems(old, new)
        #expect(found.count == 1)
        #expect(found.first?.condition == "alpha")
        #expect(found.first?.field?.hasPrefix("demographics") == true)
    }

    /// Truncated anywhere, the file gives a typed error or, cut between conditions, fewer mimics
    /// than it names; never a bank that looks whole.
    @Test func refusesEveryTruncation() {
        let bytes = Array(SmallBank.yaml.utf8)
        for length in stride(from: 0, to: bytes.count - 2, by: 5) {
            let text = String(decoding: bytes.prefix(length), as: UTF8.self)
            #expect(throws: CaseBankError.self, "\(length)") {
                try CaseBank(yaml: text, file: "bank.yaml")
            }
        }
    }

    @Test func reportsAMissingFile() {
        let url = TestFiles.fixtures.appending(path: "no-such-bank.yaml")
        let error = #expect(throws: CaseBankError.self) { try CaseBank(contentsOf: url) }
        #expect(error?.file == "no-such-bank.yaml")
    }
}
