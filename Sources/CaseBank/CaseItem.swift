/// A generated vignette with its options and its one right answer.
public struct CaseItem: Sendable, Hashable, Codable {
    /// A lettered option.
    public struct Option: Sendable, Hashable, Codable {
        /// `A`, `B`, ...
        public let letter: String
        public let text: String

        public init(letter: String, text: String) {
            self.letter = letter
            self.text = text
        }
    }

    /// Names the combination of condition, findings and investigation: the same under every seed.
    public let id: String
    public let split: CaseSplit
    /// Three or four sentences: person and symptoms, sometimes history, examination, investigation.
    public let vignette: String
    public let question: String
    public let options: [Option]
    /// The letter of the right option.
    public let answer: String
    /// The name of the condition as it stands in the options.
    public let diagnosis: String
    /// Other names that an open answer may use.
    public let synonyms: [String]
    public let specialty: String
    public let conditionID: String
    /// Ids of the symptoms and signs shown, sorted.
    public let findingIDs: [String]
    /// The name of the investigation shown.
    public let investigation: String
    /// Two or three findings of the vignette, the most telling of it, for the rationale.
    public let keyFindings: [String]
    /// The name of the condition as it stands inside a sentence.
    public let diagnosisInText: String
}
