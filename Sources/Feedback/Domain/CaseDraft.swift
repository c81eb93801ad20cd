import FileFormats

/// A case as a file or a person gives it.
package struct CaseDraft: Sendable, Hashable {
    /// Nil where the content is to name it.
    package var id: CaseID?
    package var question: String
    /// Names or hashes of images.
    package var images: [String]
    package var options: [CaseOption]
    package var answer: String
    package var diagnosis: String?
    package var synonyms: [String]

    /// Of one case.
    package static let mostImages = 16

    package init(
        id: CaseID? = nil, question: String, images: [String] = [], options: [CaseOption] = [],
        answer: String, diagnosis: String? = nil, synonyms: [String] = []
    ) {
        (self.id, self.question, self.images, self.options) = (id, question, images, options)
        (self.answer, self.diagnosis, self.synonyms) = (answer, diagnosis, synonyms)
    }

    /// The case, once everything about it is acceptable.
    ///
    /// An answer may be an option's letter, in either case, or its text.
    ///
    /// - Parameter image: The image that a name or hash means; nil for none.
    /// - Throws: `FeedbackError.invalid`.
    func checked(
        source: ClinicalCase.Source, by account: Int64?, at time: Timestamp,
        image: (String) -> CaseImage?
    ) throws(FeedbackError) -> ClinicalCase {
        let question = try FieldCheck.text(question, "question")
        let options = try checkedOptions()
        let images = try checkedImages(image)
        let id = try checkedID() ?? Self.contentID(question, images, options)
        return ClinicalCase(
            id: id, question: question, images: images, options: options,
            answer: try checkedAnswer(options),
            diagnosis: try diagnosis?.nonEmpty.map { text throws(FeedbackError) in
                try FieldCheck.text(text, "diagnosis", limit: 1024)
            }, synonyms: try checkedSynonyms(), source: source, heldOut: HeldOut.contains(id),
            createdBy: account, createdAt: time)
    }

    private func checkedID() throws(FeedbackError) -> CaseID? {
        guard let id else { return nil }
        let allowed = id.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic
                    || "0123456789._:-".unicodeScalars.contains(scalar))
        }
        guard allowed, (1...120).contains(id.count) else {
            let form = "must be 1 to 120 letters, digits, dots, colons, dashes and underscores"
            throw .invalid(field: "id", reason: form)
        }
        return id
    }

    private func checkedOptions() throws(FeedbackError) -> [CaseOption] {
        if options.isEmpty { return [] }
        guard (2...8).contains(options.count) else {
            throw .invalid(field: "options", reason: "must be 2 to 8, or none")
        }
        var result: [CaseOption] = []
        for (option, letter) in zip(options, "ABCDEFGH") {
            guard option.letter.trimmed.uppercased() == String(letter) else {
                throw .invalid(field: "options", reason: "must be A, B, ... without gaps")
            }
            let text = try FieldCheck.text(option.text, "option \(letter)", limit: 4096)
            result.append(CaseOption(letter: String(letter), text: text))
        }
        guard Set(result.map(\.text)).count == result.count else {
            throw .invalid(field: "options", reason: "two are the same")
        }
        return result
    }

    /// Names of files may tell whose they are, so errors count instead.
    private func checkedImages(
        _ image: (String) -> CaseImage?
    ) throws(FeedbackError) -> [CaseImage] {
        if images.count > Self.mostImages {
            throw .invalid(field: "images", reason: "are more than \(Self.mostImages)")
        }
        var result: [CaseImage] = []
        for (index, name) in images.enumerated() {
            guard let found = image(name) else {
                let reason = "number \(index + 1) is not among the images that were given"
                throw .invalid(field: "image", reason: reason)
            }
            result.append(found)
        }
        return result
    }

    private func checkedAnswer(_ options: [CaseOption]) throws(FeedbackError) -> String {
        let answer = try FieldCheck.text(answer, "answer", limit: 4096)
        if options.isEmpty { return answer }
        let option =
            options.first { $0.text == answer }
            ?? options.first { $0.letter == answer.uppercased() }
            ?? options.first { $0.text.lowercased() == answer.lowercased() }
        guard let option else {
            throw .invalid(field: "answer", reason: "is neither letter nor text of an option")
        }
        return option.letter
    }

    private func checkedSynonyms() throws(FeedbackError) -> [String] {
        var result: [String] = []
        for synonym in synonyms {
            guard let synonym = synonym.nonEmpty else { continue }
            result.append(try FieldCheck.text(synonym, "synonyms", limit: 1024))
        }
        return result
    }

    /// The same for the same question, images and options, and hardly ever for others.
    private static func contentID(
        _ question: String, _ images: [CaseImage], _ options: [CaseOption]
    ) -> CaseID {
        let parts = [question] + images.map(\.hash) + options.map(\.text)
        return "case-" + Checksums.sha256(of: parts.joined(separator: "\u{0}")).prefix(16)
    }
}

/// Which cases are kept for evaluation: one in five, by a hash of the id, so that the choice never
/// changes.
enum HeldOut {
    static func contains(_ id: CaseID) -> Bool {
        let digits = Checksums.sha256(of: id).prefix(8)
        return (UInt32(digits, radix: 16) ?? 0) % 5 == 0
    }
}

extension String {
    /// Nil where there is only white space.
    fileprivate var nonEmpty: String? { trimmed.isEmpty ? nil : self }
}
