import Datasets
import Testing

@Suite("Preview")
struct PreviewTests {
    private let encoding = ByteEncoding()

    private func example(_ text: String, labelled: Range<Int>) -> TokenizedExample {
        let ids = encoding.encode(text, beginning: false)
        return TokenizedExample(
            id: "r1",
            line: 3,
            identity: 0,
            tokenIDs: ids,
            labels: ids.indices.map(labelled.contains)
        )
    }

    private func preview(_ style: Preview.Style) -> Preview {
        Preview(style: style, decode: encoding.decode)
    }

    @Test("labelled runs stand in brackets, or in green")
    func styles() {
        let example = example("ask answer.", labelled: 4..<10)
        #expect(
            preview(.brackets).text(of: example)
                == "record r1 (line 3): 11 tokens, 6 labelled\nask ⟦answer⟧.\n"
        )
        #expect(
            preview(.colour).text(of: example).contains(
                "\u{1B}[2mask \u{1B}[0m\u{1B}[32manswer\u{1B}[0m\u{1B}[2m.\u{1B}[0m"
            )
        )
    }

    @Test("control characters of a record do not reach the terminal")
    func controls() {
        let text = preview(.brackets).text(of: example("a\u{1B}[2Jb\tc\nd\r", labelled: 1..<1))
        #expect(text.hasSuffix("a\u{FFFD}[2Jb\tc\nd\u{FFFD}\n"))
    }

    @Test("statistics by hand")
    func statistics() {
        // Sorted 1 2 ... 20: the median is the 10th, the 95th percentile the 19th; 18, 19 and 20
        // exceed 17; the sum is 210.
        let statistics = LengthStatistics(
            lengths: (1...20).reversed(),
            labelled: 42,
            maxLength: 17
        )
        #expect(statistics.records == 20)
        #expect(statistics.tokens == 210)
        #expect(statistics.shortest == 1)
        #expect(statistics.median == 10)
        #expect(statistics.percentile95 == 19)
        #expect(statistics.longest == 20)
        #expect(statistics.overlong == 3)
        #expect(statistics.labelledShare == 0.2)
        #expect(
            preview(.brackets).text(of: statistics, maxLength: 17) == """
                20 records, 210 tokens
                labelled: 42 tokens (20.0 %)
                tokens a record: 1 min, 10 median, 19 p95, 20 max
                longer than 17 tokens: 3 records

                """
        )
    }

    @Test("of nothing all counts are zero")
    func noRecords() {
        let statistics = LengthStatistics(lengths: [], labelled: 0, maxLength: 1)
        #expect(statistics.median == 0)
        #expect(statistics.percentile95 == 0)
        #expect(statistics.labelledShare == 0)
    }
}
