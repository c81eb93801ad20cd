import Foundation

/// Copies of image files without what identifies somebody: DICOM by the basic profile of PS3.15
/// annex E and its options, PNG, JPEG and WebP without what is not the picture. The worker makes
/// them; nothing of the original is parsed here.
package struct Deidentification: Sendable {
    /// An option of the profile, or what is done about text in the pixels.
    package enum Option: String, CaseIterable, Sendable {
        case uids, device, institution, patient, dates
        case shiftedDates = "shifted-dates"
        case descriptors, structured, graphics
        /// Text that is found is painted over; without it such a file gets no copy.
        case blankText = "blank-text"
        /// Somebody has looked at the pictures: text in them holds nothing back.
        case reviewed
        /// Refused by name: nothing here finds faces.
        case visualFeatures = "visual-features"
    }

    /// What was done, by the names of attributes, never their values.
    package struct Report: Decodable, Sendable, Equatable {
        package enum Outcome: String, Decodable, Sendable {
            case written
            /// Its pixels may hold text, or bytes that cannot be checked.
            case heldBack = "held back"
            /// Unreadable, or of a kind that cannot be de-identified.
            case refused
        }

        package let outcome: Outcome
        /// Why there is no copy; empty where there is one.
        package let reason: String
        package let removed: [String]
        package let emptied: [String]
        /// By a made-up value, a pseudonym or another UID.
        package let replaced: [String]
        package let cleaned: [String]
        package let privateAttributes: Int
        package let unknownAttributes: Int
        package let unreadableSequences: Int
        package let replacedUIDs: Int
        /// What was done to pixels and what stands around them.
        package let pixels: [String]
        /// What a person should look at.
        package let warnings: [String]
        /// Codes of CID 7050, as written into the copy.
        package let methods: [String]
        /// YES or NO, as written into the copy.
        package let identityRemoved: String
    }

    let key: ProjectKey
    let options: [Option]
    let worker: DicomWorker
    let limits: ImageLimits

    package init(
        key: ProjectKey, options: [Option], worker: DicomWorker = .shared,
        limits: ImageLimits = .standard
    ) {
        (self.key, self.options) = (key, options)
        (self.worker, self.limits) = (worker, limits)
    }

    /// The copy of these bytes, which errors call by this name; empty where there is none.
    ///
    /// - Throws: Whatever is wrong with them or the worker.
    package func copy(
        of bytes: [UInt8], named name: String
    ) throws(ImageError) -> (report: Report, bytes: [UInt8]) {
        let made = try ImageProblem.named(name) { () throws(ImageProblem) in
            try limits.check(bytes: bytes.count)
            return try make(of: OpenFile(holding: bytes), false)
        }
        return (made.report, made.bytes)
    }

    /// A copy in memory; no bytes where there is none.
    struct Made {
        let report: Report
        let bytes: [UInt8]
        let replacements: Replacements.Told
    }

    /// - Throws: Whatever is wrong with the file or the worker.
    func make(of path: String, tellsReplacements: Bool = false) throws(ImageError) -> Made {
        try ImageProblem.named(path) { () throws(ImageProblem) in
            try make(of: OpenFile(path, limits: limits), tellsReplacements)
        }
    }

    private func make(
        of file: borrowing OpenFile, _ tellsReplacements: Bool
    ) throws(ImageProblem) -> Made {
        let names = options.map(\.rawValue).joined(separator: ",")
        let reply = try worker.ask(
            .deidentify,
            [
                "key \(key.letters)", "options \(names)",
                "replacements \(tellsReplacements ? 1 : 0)",
            ],
            of: file)
        guard reply.code == 0 else { throw DicomReader.problem(reply, 0) }
        let text = Data(reply.text)
        guard let report = try? JSONDecoder().decode(Report.self, from: text),
            let told = try? JSONDecoder().decode(Replacements.Told.self, from: text),
            (report.outcome == .written) == !reply.bytes.isEmpty
        else { throw .reader("its answer cannot be read") }
        return Made(report: report, bytes: reply.bytes, replacements: told)
    }
}
