import Foundation
import Records
import TestSupport
import Testing

@testable import Images

struct DicomScrubTests {
    let folder: URL

    init() throws { folder = try TestFiles.scratchFolder() }

    private func scrub(
        _ name: String, uids: inout UIDReplacements, overwrite: Bool = false
    ) throws -> (bytes: [UInt8], report: DicomScrub.Report) {
        let copy = folder.appending(path: name).path
        let report = try DicomScrub.copy(
            ExpectedFrames.folder.appending(path: name).path, to: copy, uids: &uids,
            overwrite: overwrite)
        return (try ImageBytes.load(copy, limits: .standard), report)
    }

    private func value(_ file: DicomFile, _ group: Int, _ element: Int) -> String? {
        file.element(group, element).map(file.text)
    }

    /// Names, numbers and dates of an invented patient stand in tags, private tags, sequences,
    /// private sequences and the preamble of every file.
    @Test func nothingOfThePatientIsLeft() throws {
        let expected = try ExpectedFrames.load()
        var uids = UIDReplacements()
        for (name, frames) in expected.files {
            let original = try ExpectedFrames.bytes(name)
            let (bytes, report) = try scrub(name, uids: &uids)
            let (before, after) = (try DicomFile(original), try DicomFile(bytes))
            for secret in expected.planted + ["1.2.826.0.1.3680043.8.498", "HOUSE_AE", "ELSEWHERE"]
            {
                let text = Array(secret.utf8)
                #expect(original.contains(text), "\(name) does not hold \(secret)")
                #expect(!bytes.contains(text), "\(name) holds \(secret)")
            }
            let pixels = try #require(before.element(0x7FE0, 0x0010))
            let kept = try #require(after.element(0x7FE0, 0x0010))
            #expect(original[pixels.range] == bytes[kept.range], "\(name)")
            #expect(report.privateAttributes == 3, "\(name)")
            let image = try ImageFile.read(bytes: bytes, named: name, frame: frames[0].frame)
            #expect(try image == ImageFile.read(bytes: original, named: name), "\(name)")
        }
    }

    @Test func theReportHasNamesAlone() throws {
        var uids = UIDReplacements()
        let report = try scrub("eight.dcm", uids: &uids).report
        #expect(report.emptied.contains("Patient's Name"))
        #expect(report.removed.isSuperset(of: ["Patient Comments", "Image Comments"]))
        #expect(report.replaced.isSuperset(of: ["Patient ID", "SOP Instance UID", "Content Date"]))
        #expect(report.warnings == ["the file says that text is burned into its pixels"])
        let all = report.removed.union(report.emptied).union(report.replaced)
        for secret in try ExpectedFrames.load().planted {
            #expect(!all.contains { $0.contains(secret) })
        }
        #expect(ConfidentialityProfile.count == 616)
    }

    @Test func whatIsWrittenInstead() throws {
        var uids = UIDReplacements()
        let file = try DicomFile(scrub("signed.dcm", uids: &uids).bytes)
        #expect(value(file, 0x0010, 0x0010) == "" && value(file, 0x0010, 0x0020) == "ANONYMIZED")
        #expect(value(file, 0x0008, 0x0023) == "19000101" && value(file, 0x0012, 0x0062) == "YES")
        #expect(value(file, 0x0028, 0x0303) == "REMOVED")
        // What describes the picture stays.
        #expect(value(file, 0x0028, 0x1050) == #"40\600"# && value(file, 0x0008, 0x0060) == "OT")
        let tags = file.elements.map(\.tag)
        #expect(tags == tags.sorted() && Set(tags).count == tags.count)
        #expect(Array(file.bytes[..<128]) == [UInt8](repeating: 0, count: 128))
        let length = try #require(file.meta.first)
        let end =
            length.range.upperBound
            + (ByteReader(bytes: file.bytes).u32(length.value.lowerBound) ?? 0)
        #expect(file.meta.last?.range.upperBound == end)
    }

    /// One study in two files stays one study; another call makes another of it.
    @Test func replacedUIDsHold() throws {
        var uids = UIDReplacements()
        let first = try DicomFile(scrub("signed.dcm", uids: &uids).bytes)
        let second = try DicomFile(scrub("big.dcm", uids: &uids).bytes)
        let study = try #require(value(first, 0x0020, 0x000D))
        #expect(study.wholeMatch(of: #/2\.25\.[1-9][0-9]{37}/#) != nil)
        #expect(value(second, 0x0020, 0x000D) == study)
        #expect(value(first, 0x0008, 0x0018) != value(second, 0x0008, 0x0018))
        // The class stays, and the two places of the instance agree.
        #expect(value(first, 0x0008, 0x0016) == "1.2.840.10008.5.1.4.1.1.7")
        let instance = first.meta.first { $0.tag == DicomTag(0x0002, 0x0003) }.map(first.text)
        #expect(value(first, 0x0008, 0x0018) == instance)
        let reference = first.element(0x0008, 0x1140)?.items.first ?? []
        #expect(reference.map(\.tag).contains(DicomTag(0x0008, 0x1155)))
        var others = UIDReplacements()
        let again = try DicomFile(scrub("signed.dcm", uids: &others, overwrite: true).bytes)
        #expect(value(again, 0x0020, 0x000D) != study)
    }

    @Test func copiesReplaceNothingUnasked() throws {
        var uids = UIDReplacements()
        let before = try scrub("rgb.dcm", uids: &uids).bytes
        let path = folder.appending(path: "rgb.dcm").path
        #expect(throws: ImageError(file: path, problem: .exists)) {
            try scrub("rgb.dcm", uids: &uids)
        }
        #expect(try ImageBytes.load(path, limits: .standard) == before)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names == ["rgb.dcm"])
        let nowhere = folder.appending(path: "no/folder.dcm").path
        #expect {
            try DicomScrub.copy(
                ExpectedFrames.folder.appending(path: "rgb.dcm").path, to: nowhere, uids: &uids)
        } throws: {
            ($0 as? ImageError)?.problem.kind == "unwritable"
        }
    }

    @Test func damagedFilesLeaveNoCopy() throws {
        var uids = UIDReplacements()
        let broken = folder.appending(path: "broken.dcm")
        try Data(ExpectedFrames.bytes("enhanced.dcm").dropLast(300)).write(to: broken)
        let copy = folder.appending(path: "copy.dcm").path
        #expect(throws: ImageError.self) {
            try DicomScrub.copy(broken.path, to: copy, uids: &uids)
        }
        #expect(!FileManager.default.fileExists(atPath: copy))
        #expect(throws: ImageError.self) {
            try DicomScrub.copy(Expected.path("colour.png"), to: copy, uids: &uids)
        }
    }

    /// A burned-in mark decides; without one, the kind of machine does.
    @Test func warningsFollowTheMachine() throws {
        let cases = [
            ("eight.dcm", "the file says that text is burned into its pixels"),
            ("signed.dcm", "a secondary capture that does not say it holds no text"),
        ]
        for (name, warning) in cases {
            let file = try DicomFile(ExpectedFrames.bytes(name))
            #expect(BurnedInText.warning(about: file) == warning)
        }
    }
}

extension [UInt8] {
    fileprivate func contains(_ text: [UInt8]) -> Bool {
        indices.contains { self[$0] == text[0] && self[$0...].starts(with: text) }
    }
}
