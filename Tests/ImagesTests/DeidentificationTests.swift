import Foundation
import TestSupport
import Testing

@testable import Images

/// Copies by the worker. What each attribute becomes is looked at by scripts beside pydicom and
/// other programs (Documentation/Deidentification.md); here is what a run promises.
struct DeidentificationTests {
    let folder: URL

    init() throws { folder = try TestFiles.scratchFolder() }

    private static let secrets = ["1.2.826.0.1.3680043.8.498", "HOUSE_AE", "ELSEWHERE"]

    private func original(_ name: String) -> String {
        ExpectedFrames.folder.appending(path: name).path
    }

    private func copy(
        _ name: String, as other: String? = nil, key: ProjectKey = ProjectKey(),
        options: [Deidentification.Option] = [.reviewed]
    ) throws -> (bytes: [UInt8], report: Deidentification.Report) {
        let made = try Deidentification(key: key, options: options).make(of: original(name))
        try Data(made.bytes).write(to: folder.appending(path: other ?? name))
        return (made.bytes, made.report)
    }

    /// Names, numbers and dates of an invented patient stand in tags, private tags, sequences,
    /// private sequences and the preamble of every file.
    @Test func nothingOfThePatientIsLeft() throws {
        let expected = try ExpectedFrames.load()
        for (name, frames) in expected.files {
            let original = try ExpectedFrames.bytes(name)
            let (bytes, report) = try copy(name)
            try #require(report.outcome == .written, "\(name): \(report.reason)")
            for secret in expected.planted + Self.secrets {
                let text = Array(secret.utf8)
                #expect(original.contains(text), "\(name) does not hold \(secret)")
                #expect(!bytes.contains(text), "\(name) holds \(secret)")
            }
            #expect(report.privateAttributes > 0, "\(name)")
            // The picture is what it was.
            let frame = frames[0].frame
            let image = try ImageFile.read(bytes: bytes, named: name, frame: frame)
            let before = try ImageFile.read(bytes: original, named: name, frame: frame)
            #expect(image == before, "\(name)")
        }
    }

    @Test func theReportHasNamesAlone() throws {
        let report = try copy("signed.dcm").report
        #expect(!report.removed.isEmpty && !report.replaced.isEmpty)
        #expect(report.methods.contains { $0.contains("113100") })
        let all =
            report.removed + report.emptied + report.replaced + report.cleaned + report.warnings
            + report.pixels
        for secret in try ExpectedFrames.load().planted + Self.secrets {
            #expect(!all.contains { $0.contains(secret) })
        }
    }

    /// Text that the file speaks of, or that its machine may have written, holds it back.
    @Test(arguments: ["eight.dcm", "signed.dcm"]) func textInThePixelsHoldsBack(name: String) throws
    {
        let (bytes, report) = try copy(name, options: [])
        #expect(report.outcome == .heldBack && !report.reason.isEmpty)
        #expect(bytes.isEmpty)
    }

    /// One key makes the same of the same, in every run; another makes something else.
    @Test func aProjectStaysTogether() throws {
        let path = folder.appending(path: "key").path
        let first = try copy("signed.dcm", as: "1", key: ProjectKey(keptIn: path)).bytes
        let second = try copy("signed.dcm", as: "2", key: ProjectKey(keptIn: path)).bytes
        #expect(!first.isEmpty && first == second)
        #expect(try copy("signed.dcm", as: "3").bytes != first)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        try Data("no key".utf8).write(to: URL(filePath: path))
        #expect(throws: ImageError.self) { try ProjectKey(keptIn: path) }
    }

    @Test func whatCannotBeReadGetsNoCopy() throws {
        for (name, bytes) in [
            ("noise", [UInt8](repeating: 7, count: 500)),
            ("cut", Array(try ExpectedFrames.bytes("enhanced.dcm").prefix(700))),
        ] {
            let broken = folder.appending(path: name)
            try Data(bytes).write(to: broken)
            let made = try Deidentification(key: ProjectKey(), options: [.reviewed])
                .make(of: broken.path)
            #expect(made.report.outcome == .refused && !made.report.reason.isEmpty, "\(name)")
            #expect(made.bytes.isEmpty)
        }
    }
}

extension [UInt8] {
    fileprivate func contains(_ text: [UInt8]) -> Bool {
        indices.contains { self[$0] == text[0] && self[$0...].starts(with: text) }
    }
}
