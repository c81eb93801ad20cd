import Foundation
import TestSupport
import Testing

@testable import Images

/// Nothing of a mark is left in a copy, a report or an error, however it stood in the file.
/// `make deidentification` looks at every attribute of the dictionary.
struct CanaryTests {
    private let folder: URL

    init() throws { folder = try TestFiles.scratchFolder() }

    private func holdsMark(_ bytes: [UInt8]) -> Bool {
        CanaryDicom.marks.contains { mark in
            bytes.indices.contains { bytes[$0] == mark[0] && bytes[$0...].starts(with: mark) }
        }
    }

    /// Whether there was a copy; looks for marks in all that was said and written.
    private func copies(_ original: [UInt8], _ name: String) throws -> Bool {
        #expect(holdsMark(original), "\(name)")
        let path = folder.appending(path: "original.dcm").path
        try Data(original).write(to: URL(filePath: path))
        let made = try Deidentification(key: ProjectKey(), options: [.reviewed]).make(of: path)
        #expect(!holdsMark(made.bytes), "\(name)")
        #expect(!holdsMark(Array("\(made.report)".utf8)), "\(name)")
        if let shown = try? ImageFile.show(path) {
            #expect(!holdsMark(Array("\(shown.dicom as Any)".utf8)), "\(name)")
        }
        return made.report.outcome == .written
    }

    @Test(arguments: CanaryDicom.Syntax.allCases)
    func everyRepresentation(syntax: CanaryDicom.Syntax) throws {
        #expect(try copies(CanaryDicom(syntax).flat, "\(syntax)"))
    }

    /// In every place and form, within one to four sequences. Sound forms get a copy.
    @Test(arguments: CanaryDicom.Syntax.allCases, CanaryDicom.Form.allCases)
    func everyFormAtEveryDepth(syntax: CanaryDicom.Syntax, form: CanaryDicom.Form) throws {
        for (index, place) in CanaryDicom.places.enumerated() {
            for depth in 1...4 {
                let name = "\(syntax), \(form), place \(index), depth \(depth)"
                let file = CanaryDicom(syntax).file(place: place, form: form, depth: depth)
                let isSound = [.defined, .undefined].contains(form) && index < 3
                let hasCopy = try copies(file, name)
                #expect(hasCopy || !isSound, "\(name)")
            }
        }
    }

    /// What a file says where a term of the standard belongs is repeated by nobody.
    @Test func factsAndErrorsRepeatNothing() throws {
        var other = TinyDicom(values: [1, 2])
        other.replace(0x0008, 0x0060, "CS", CanaryDicom.mark)
        let path = folder.appending(path: "modality.dcm")
        try Data(other.bytes).write(to: path)
        #expect(try #require(try ImageFile.show(path.path).dicom).modality == nil)
        other.replace(0x0028, 0x0004, "CS", CanaryDicom.mark)
        try Data(other.bytes).write(to: path)
        let problem = ImageProblem.unsupported(
            "photometric interpretation that is no term of the standard")
        #expect(throws: ImageError(file: path.path, problem: problem)) {
            try ImageFile.show(path.path)
        }
    }
}
