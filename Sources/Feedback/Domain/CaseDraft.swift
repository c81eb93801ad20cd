/// A case as a file or a person gives it.
package struct CaseDraft: Sendable, Hashable {
    /// Nil where the content is to name it.
    package var id: CaseID?
    package var question: String
    package var options: [CaseOption]
    package var answer: String
    package var diagnosis: String?
    package var synonyms: [String]

    package init(
        id: CaseID? = nil, question: String, options: [CaseOption] = [], answer: String,
        diagnosis: String? = nil, synonyms: [String] = []
    ) {
        (self.id, self.question, self.options) = (id, question, options)
        (self.answer, self.diagnosis, self.synonyms) = (answer, diagnosis, synonyms)
    }
}
