import CaseBank

extension TraceVerifier {
    /// A verifier of answers to a stored case, with the bank that ships with the program.
    ///
    /// - Throws: `FeedbackError.invalid` where the case has no answer to look for.
    package init(_ stored: ClinicalCase) throws(FeedbackError) {
        let verifiable = try VerifiableCase(stored)
        switch Self.bundledBank {
        case .success(let bank): self.init(verifiable, bank: bank)
        case .failure(let error): throw .file("\(error)")
        }
    }

    private static let bundledBank = Result { () throws(CaseBankError) in
        try CaseBank.bundled()
    }
}
