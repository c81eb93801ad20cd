/// Copies of DICOM files without what identifies somebody: the basic application level
/// confidentiality profile of PS3.15 annex E. Pixel data are copied byte for byte.
package enum DicomScrub {
    /// What was done, by the names of attributes, never their values.
    package struct Report: Sendable, Equatable {
        package var removed: Set<String> = []
        package var emptied: Set<String> = []
        /// By a made-up value or another UID.
        package var replaced: Set<String> = []
        package var privateAttributes = 0
        /// What a person should look at.
        package var warnings: [String] = []
    }

    /// Writes the copy; `output` appears whole or not at all.
    ///
    /// - Parameters:
    ///   - uids: Carried from file to file, so that what belonged together still does.
    ///   - overwrite: Whether `output` may be there already.
    /// - Throws: Whatever is wrong with the file; `.exists`; `.unwritable`.
    package static func copy(
        _ path: String, to output: String, uids: inout UIDReplacements, overwrite: Bool = false,
        limits: ImageLimits = .standard
    ) throws(ImageError) -> Report {
        let (bytes, report) = try ImageProblem.named(path) {
            () throws(ImageProblem) -> ([UInt8], Report) in
            let file = try DicomFile(ImageBytes.load(path, limits: limits))
            return try scrubbed(file, uids: &uids)
        }
        try ImageProblem.named(output) { () throws(ImageProblem) in
            try NewFile.write(bytes, to: output, overwrite: overwrite)
        }
        return report
    }

    static func scrubbed(
        _ file: DicomFile, uids: inout UIDReplacements
    ) throws(ImageProblem) -> (bytes: [UInt8], report: Report) {
        var cleaner = DicomCleaner(file, uids: uids)
        let body = cleaner.clean(file.elements, file.syntax.encoding, adding: marks)
        var report = cleaner.report
        uids = cleaner.uids
        let meta = meta(of: file, uids: &uids)
        if let warning = BurnedInText.warning(about: file) { report.warnings.append(warning) }
        // The preamble may hold anything.
        let preamble = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
        return (preamble + meta + body, report)
    }

    /// That a file was cleaned, how, and that its dates are gone (PS3.15 E.1.1, PS3.3 C.7.1.1).
    private static let marks: [(tag: DicomTag, representation: DicomRepresentation, text: String)] =
        [
            (DicomTag(0x0012, 0x0062), DicomRepresentation("CS"), "YES"),
            (DicomTag(0x0012, 0x0063), DicomRepresentation("LO"), "PS3.15 E.2 basic profile"),
            (DicomTag(0x0028, 0x0303), DicomRepresentation("CS"), "REMOVED"),
        ]

    /// A file's meta information, written anew with nothing of its makers.
    private static func meta(of file: DicomFile, uids: inout UIDReplacements) -> [UInt8] {
        func text(_ element: Int) -> String {
            file.meta.first { $0.tag == DicomTag(0x0002, element) }.map(file.text) ?? ""
        }
        let uid = DicomRepresentation("UI")
        var writer = DicomWriter(.explicit)
        writer.write(DicomTag(0x0002, 0x0001), DicomRepresentation("OB"), [0, 1])
        writer.write(DicomTag(0x0002, 0x0002), uid, text: text(0x0002))
        writer.write(
            DicomTag(0x0002, 0x0003), uid, text: uids.replacement(for: text(0x0003)))
        writer.write(DicomTag(0x0002, 0x0010), uid, text: file.syntax.rawValue)
        writer.write(DicomTag(0x0002, 0x0012), uid, text: implementation)
        writer.write(DicomTag(0x0002, 0x0013), DicomRepresentation("SH"), text: "PRECEPTOR")
        var head = DicomWriter(.explicit)
        let length = withUnsafeBytes(of: UInt32(writer.bytes.count).littleEndian, Array.init)
        head.write(DicomTag(0x0002, 0x0000), DicomRepresentation("UL"), length)
        return head.bytes + writer.bytes
    }

    /// The class UID of this writer.
    private static let implementation = "2.25.117629040532168930147520861394207516"
}
