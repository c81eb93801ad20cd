import CaseBank

/// What a text says of options that it names by their letters.
///
/// Letters are put into words, "not (B)" becoming "not optionb", so that the rules for negated
/// diagnoses hold for letters too.
struct LetterReading: Sendable {
    private let letters: Set<String>
    private let matcher: DiagnosisMatcher

    init(letters: [String]) {
        self.letters = Set(letters)
        matcher = DiagnosisMatcher(
            diagnoses: letters.map { NamedDiagnosis(id: $0, names: [Self.word(for: $0)]) })
    }

    /// The letter that the text finally claims.
    func verdict(on text: String) -> DiagnosisVerdict {
        matcher.verdict(on: spelledOut(text))
    }

    /// The text with every letter of an option as a word, without the brackets around it.
    func spelledOut(_ text: String) -> String {
        let characters = Array(text)
        var result = ""
        var place = 0
        while place < characters.count {
            let isBracketed =
                "([".contains(characters[place]) && place + 2 < characters.count
                && ")]".contains(characters[place + 2])
            if isBracketed, isLetter(characters[place + 1]) {
                result += " \(Self.word(for: String(characters[place + 1]))) "
                place += 3
                continue
            }
            let stands = isLetter(characters[place]) && stands(place, in: characters)
            result += stands ? Self.word(for: String(characters[place])) : String(characters[place])
            place += 1
        }
        return result
    }

    private func isLetter(_ character: Character) -> Bool { letters.contains(String(character)) }

    /// Whether a letter is a word of its own, and no article or pronoun: "A patient", "I think".
    private func stands(_ place: Int, in characters: [Character]) -> Bool {
        let isInside = { (character: Character) in
            character.isLetter || character.isNumber || "-'\u{2019}".contains(character)
        }
        if place > 0, isInside(characters[place - 1]) { return false }
        let rest = characters[(place + 1)...]
        guard let next = rest.first else { return true }
        if isInside(next) { return false }
        guard next.isWhitespace, "AI".contains(characters[place]) else { return true }
        let word = String(rest.dropFirst().prefix { $0.isLetter })
        return word == "or" || word == "and"
    }

    private static func word(for letter: String) -> String { "option" + letter.lowercased() }
}
