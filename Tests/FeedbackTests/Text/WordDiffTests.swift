import Testing

@testable import Feedback

@Suite struct WordDiffTests {
    @Test func aChangedWord() {
        let diff = WordDiff(
            from: "Give oral penicillin now.", to: "Give intravenous fluids now, please.")
        #expect(
            diff.runs == [
                .init(.equal, "Give "), .init(.deleted, "oral penicillin"),
                .init(.inserted, "intravenous fluids"), .init(.equal, " now"),
                .init(.inserted, ", please"), .init(.equal, "."),
            ])
        // 2 words deleted, 3 words and a comma inserted, of 5 + 7 words and marks.
        #expect(abs(diff.editRate - 6.0 / 12) < 1e-12)
    }

    @Test func spaceBetweenChangesGoesWithThem() {
        let diff = WordDiff(from: "a b c", to: "a x y c")
        #expect(
            diff.runs == [
                .init(.equal, "a "), .init(.deleted, "b"), .init(.inserted, "x y"),
                .init(.equal, " c"),
            ])
        // 1 deleted and 2 inserted of 3 + 4.
        #expect(abs(diff.editRate - 3.0 / 7) < 1e-12)
    }

    @Test(arguments: [
        ("", "", 0.0), ("same words", "same words", 0), ("", "new", 1), ("old", "", 1),
        ("old one", "new two", 1), ("a  b", "a b", 0),
    ])
    func rates(original: String, edited: String, rate: Double) {
        let diff = WordDiff(from: original, to: edited)
        #expect(diff.editRate == rate)
        #expect(original == edited ? diff.runs.allSatisfy { $0.kind == .equal } : true)
    }

    @Test func emptyTextsHaveNoRuns() {
        #expect(WordDiff(from: "", to: "").runs.isEmpty)
    }

    @Test(arguments: [
        ("The child coughs.\n\nGive steam.", "The child barks.\n\nGive dexamethasone once."),
        ("Naïve café, 5 µg/kg", "naïve café; 50 µg/kg"), (" leading", "leading "),
        ("a b a b a b", "b a b a"), ("one two three", "three two one"),
    ])
    func runsGiveBothTextsBack(original: String, edited: String) {
        let runs = WordDiff(from: original, to: edited).runs
        let text = { (other: WordDiff.Run.Kind) in
            runs.filter { $0.kind == .equal || $0.kind == other }.map(\.text).joined()
        }
        #expect(text(.deleted) == original)
        #expect(text(.inserted) == edited)
        #expect(zip(runs, runs.dropFirst()).allSatisfy { $0.kind != $1.kind })
    }

    // Too long to search: what differs is replaced in one, and what both ends share stays.
    @Test func longTextsAreReplaced() {
        let words = { (word: String) in (0..<3_000).map { "\(word)\($0)" }.joined(separator: " ") }
        let diff = WordDiff(from: "start \(words("a")) end", to: "start \(words("b")) end")
        #expect(diff.runs.map(\.kind) == [.equal, .deleted, .inserted, .equal])
        #expect(diff.runs.first?.text == "start " && diff.runs.last?.text == " end")
        // 6,000 of 2 * 3,002 words.
        #expect(abs(diff.editRate - 6_000.0 / 6_004) < 1e-12)
    }
}
