/// Porter's algorithm for suffix stripping (Program 14.3, 1980) with the extensions of NLTK, which
/// rouge-score stems with.
///
/// `m` counts the changes from vowel to consonant in a stem, as in the paper.
struct PorterStemmer {
    private var word: [UInt8]

    /// The stem of a word of lower-case letters and digits.
    static func stem(_ word: [UInt8]) -> [UInt8] {
        if let stem = PorterRules.irregular[word] { return stem }
        guard word.count > 2 else { return word }
        var stemmer = PorterStemmer(word: word)
        stemmer.removePlural()
        stemmer.removePastAndProgressive()
        stemmer.replaceFinalY()
        stemmer.shortenDoubleSuffix()
        stemmer.apply(PorterRules.step3) { $0.measure($1) > 0 }
        stemmer.apply(PorterRules.step4) { stemmer, stem in
            stemmer.measure(stem) > 1
                && (!stemmer.ends("ion") || stemmer.letter(before: stem, isOneOf: "st"))
        }
        stemmer.removeFinalE()
        if stemmer.ends("ll"), stemmer.measure(stemmer.word.count - 1) > 1 {
            stemmer.word.removeLast()
        }
        return stemmer.word
    }

    /// Step 1a.
    private mutating func removePlural() {
        if word.count == 4, ends("ies") {
            word.removeLast()
        } else if ends("sses") || ends("ies") {
            word.removeLast(2)
        } else if ends("s"), !ends("ss") {
            word.removeLast()
        }
    }

    /// Step 1b.
    private mutating func removePastAndProgressive() {
        if ends("ied") {
            return word.removeLast(word.count == 4 ? 1 : 2)
        }
        if ends("eed") {
            if measure(word.count - 3) > 0 { word.removeLast() }
            return
        }
        guard let suffix = ["ed", "ing"].first(where: { ends($0) && hasVowel(before: $0) }) else {
            return
        }
        word.removeLast(suffix.utf8.count)
        repairStem()
    }

    /// What step 1b leaves: conflat(ed), hopp(ing), fil(ing).
    private mutating func repairStem() {
        let count = word.count
        if ["at", "bl", "iz"].contains(where: ends) {
            word.append(UInt8(ascii: "e"))
        } else if count > 1, word[count - 1] == word[count - 2], isConsonant(count - 1) {
            if !letter(before: count, isOneOf: "lsz") { word.removeLast() }
        } else if measure(count) == 1, endsShort(count) {
            word.append(UInt8(ascii: "e"))
        }
    }

    /// Step 1c: happy becomes happi, enjoy stays.
    private mutating func replaceFinalY() {
        let last = word.count - 1
        if last > 1, ends("y"), isConsonant(last - 1) { word[last] = UInt8(ascii: "i") }
    }

    /// Step 2.
    private mutating func shortenDoubleSuffix() {
        if ends("alli"), measure(word.count - 4) > 0 { word.removeLast(2) }
        apply(PorterRules.step2) { stemmer, stem in
            // The l of -logi belongs to the stem, so that short ones as geo- work too.
            stemmer.measure(stemmer.ends("logi") ? stem + 1 : stem) > 0
        }
    }

    /// Step 5a.
    private mutating func removeFinalE() {
        guard ends("e") else { return }
        let stem = word.count - 1
        let m = measure(stem)
        if m > 1 || (m == 1 && !endsShort(stem)) { word.removeLast() }
    }

    /// The first rule whose suffix the word has is applied if its stem, given by its length,
    /// allows it; no other is.
    private mutating func apply(
        _ rules: [PorterRules.Rule], where allows: (Self, _ stem: Int) -> Bool
    ) {
        guard let rule = rules.first(where: { word.hasSuffix($0.suffix) }) else { return }
        let stem = word.count - rule.suffix.count
        if allows(self, stem) { word.replaceSubrange(stem..., with: rule.replacement) }
    }

    private func ends(_ suffix: String) -> Bool { word.hasSuffix(suffix.utf8) }

    private func letter(before end: Int, isOneOf letters: String) -> Bool {
        letters.utf8.contains(word[end - 1])
    }

    private func hasVowel(before suffix: String) -> Bool {
        consonants(word.count - suffix.utf8.count).contains(false)
    }

    private func isConsonant(_ index: Int) -> Bool { consonants(index + 1)[index] }

    /// Consonant, vowel, consonant other than w, x and y; or a vowel and a consonant alone.
    private func endsShort(_ count: Int) -> Bool {
        let kinds = consonants(count)
        if count == 2 { return kinds == [false, true] }
        return kinds.suffix(3) == [true, false, true] && !letter(before: count, isOneOf: "wxy")
    }

    private func measure(_ count: Int) -> Int {
        let kinds = consonants(count)
        return zip(kinds, kinds.dropFirst()).count { !$0 && $1 }
    }

    /// Which of the first letters are consonants; y is one at the start and after a vowel.
    private func consonants(_ count: Int) -> [Bool] {
        var kinds: [Bool] = []
        kinds.reserveCapacity(count)
        for letter in word.prefix(count) {
            switch letter {
            case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"),
                UInt8(ascii: "u"):
                kinds.append(false)
            case UInt8(ascii: "y"): kinds.append(!(kinds.last ?? false))
            default: kinds.append(true)
            }
        }
        return kinds
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ suffix: some Collection<UInt8>) -> Bool {
        self.suffix(suffix.count).elementsEqual(suffix)
    }
}
