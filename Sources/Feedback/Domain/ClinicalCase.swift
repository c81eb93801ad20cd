/// What names a case: of the file or the case bank, else made from its content.
package typealias CaseID = String

/// A lettered option of a case.
package struct CaseOption: Codable, Sendable, Hashable {
    /// `A`, `B`, ... `H`.
    package let letter: String
    package let text: String

    package init(letter: String, text: String) {
        self.letter = letter
        self.text = text
    }
}

/// A question about a patient with its known answer.
package struct ClinicalCase: Codable, Sendable, Hashable, Identifiable {
    /// Where a case came from.
    package enum Source: String, Codable, Sendable, Hashable, CaseIterable {
        case imported, bank, typed
    }

    package let id: CaseID
    package let question: String
    /// In the order in which they are shown.
    package let images: [CaseImage]
    /// Empty for an open question.
    package let options: [CaseOption]
    /// The letter of the right option, or the answer of an open question.
    package let answer: String
    /// The diagnosis in words, where it is known.
    package let diagnosis: String?
    /// Other names of the diagnosis.
    package let synonyms: [String]
    package let source: Source
    /// Kept for evaluation: its judgements never train.
    package let heldOut: Bool
    package let createdBy: Int64?
    package let createdAt: Timestamp

    package init(
        id: CaseID, question: String, images: [CaseImage] = [], options: [CaseOption],
        answer: String, diagnosis: String?, synonyms: [String], source: Source, heldOut: Bool,
        createdBy: Int64?, createdAt: Timestamp
    ) {
        (self.id, self.question, self.options, self.answer) = (id, question, options, answer)
        self.images = images
        (self.diagnosis, self.synonyms, self.source) = (diagnosis, synonyms, source)
        (self.heldOut, self.createdBy, self.createdAt) = (heldOut, createdBy, createdAt)
    }
}

/// A case in a list, with how much has been done with it.
package struct CaseSummary: Codable, Sendable, Hashable {
    package let id: CaseID
    package let question: String
    package let answer: String
    package let diagnosis: String?
    package let source: ClinicalCase.Source
    package let heldOut: Bool
    /// How often it was sampled.
    package let samplings: Int
    /// How many raters' rankings it has.
    package let rankings: Int
}

/// A part of a list of cases.
package struct CasePage: Codable, Sendable, Hashable {
    /// How many cases match in all.
    package let total: Int
    package let cases: [CaseSummary]
}
