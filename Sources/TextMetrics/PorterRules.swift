/// The tables of Porter's algorithm, in the order in which suffixes are tried.
enum PorterRules {
    struct Rule: Sendable {
        let suffix: [UInt8]
        let replacement: [UInt8]
    }

    static let step2 = rules(
        """
        ational ate, tional tion, enci ence, anci ance, izer ize, bli ble, alli al, entli ent, \
        eli e, ousli ous, ization ize, ation ate, ator ate, alism al, iveness ive, fulness ful, \
        ousness ous, aliti al, iviti ive, biliti ble, fulli ful, logi log
        """)

    static let step3 = rules(
        "icate ic, ative -, alize al, iciti ic, ical ic, ful -, ness -")

    static let step4 = rules(
        """
        al -, ance -, ence -, er -, ic -, able -, ible -, ant -, ement -, ment -, ent -, ion -, \
        ou -, ism -, ate -, iti -, ous -, ive -, ize -
        """)

    /// Words that have a stem of their own.
    static let irregular = Dictionary(
        uniqueKeysWithValues: rules(
            """
            sky sky, skies sky, dying die, lying lie, tying tie, news news, innings inning, \
            inning inning, outings outing, outing outing, cannings canning, canning canning, \
            howe howe, proceed proceed, exceed exceed, succeed succeed
            """
        ).map { ($0.suffix, $0.replacement) })

    private static func rules(_ text: String) -> [Rule] {
        text.split(separator: ", ").map { rule in
            let parts = rule.split(separator: " ").map { Array($0.utf8) }
            return Rule(suffix: parts[0], replacement: parts[1] == [0x2D] ? [] : parts[1])
        }
    }
}
