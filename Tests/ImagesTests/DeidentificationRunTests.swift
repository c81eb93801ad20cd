import Foundation
import TestSupport
import Testing

@testable import Images

/// Runs that go on, and what they tell of replacements.
struct DeidentificationRunTests {
    private let folder: URL
    private let key = ProjectKey()
    private static let names = ["signed.dcm", "rgb.dcm", "eight.dcm"]

    init() throws { folder = try TestFiles.scratchFolder() }

    private func original(_ name: String) -> String {
        ExpectedFrames.folder.appending(path: name).path
    }

    private func run(
        _ options: [Deidentification.Option] = [.reviewed], key: ProjectKey? = nil,
        telling: Bool = false
    ) throws -> DeidentificationRun {
        try DeidentificationRun(
            Deidentification(key: key ?? self.key, options: options), into: folder,
            names: Self.names, tellsReplacements: telling)
    }

    private func copies() throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try Dictionary(
            uniqueKeysWithValues: names.filter { $0 != CopyJournal.fileName }.map {
                ($0, try Data(contentsOf: folder.appending(path: $0)))
            })
    }

    private func problem(_ body: () throws -> DeidentificationRun.Outcome) -> ImageProblem? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? ImageError)?.problem
        }
    }

    @Test func theSameRunGoesOn() throws {
        try begin()
        let before = try copies()
        #expect(before.count == 2)
        let run = try run()
        for name in Self.names {
            let outcome = try run.copy(original(name), as: name)
            #expect((outcome == .before) == (name != "eight.dcm"), "\(name)")
        }
        #expect(try copies().count == 3)
        #expect(try copies().filter { $0.key != "eight.dcm" } == before)
    }

    /// Two of three files; meanwhile nobody else may write.
    private func begin() throws {
        let first = try run()
        for name in Self.names.prefix(2) {
            #expect(try first.copy(original(name), as: name) != .before, "\(name)")
        }
        withExtendedLifetime(first) {
            #expect(throws: ImageError.self) { try run() }
        }
    }

    private func make() throws {
        let run = try run()
        for name in Self.names { _ = try run.copy(original(name), as: name) }
    }

    @Test func whatOtherSettingsMadeIsRefused() throws {
        try make()
        let before = try copies()
        for (options, key) in [([.reviewed, .uids], nil), ([.reviewed], ProjectKey())]
            as [([Deidentification.Option], ProjectKey?)]
        {
            let other = try run(options, key: key)
            let found = problem { try other.copy(original("rgb.dcm"), as: "rgb.dcm") }
            #expect(found?.kind == "otherwise" && "\(found as Any)".contains("other options"))
        }
        let same = try run()
        #expect(
            problem { try same.copy(original("rgb.dcm"), as: "signed.dcm") }?.kind == "otherwise")
        #expect(try copies() == before)
        guard case .now = try same.copy(original("rgb.dcm"), as: "signed.dcm", overwrite: true)
        else {
            Issue.record("nothing was replaced")
            return
        }
        #expect(try copies()["signed.dcm"] == before["rgb.dcm"])
    }

    @Test func whatNoRunMadeIsRefused() throws {
        let foreign = folder.appending(path: "rgb.dcm")
        try Data("mine".utf8).write(to: foreign)
        #expect(problem { try run().copy(original("rgb.dcm"), as: "rgb.dcm") } == .exists)
        try FileManager.default.removeItem(at: foreign)
        try make()
        try Data("mine".utf8).write(to: foreign)
        let found = problem { try run().copy(original("rgb.dcm"), as: "rgb.dcm") }
        #expect(found == .otherwise("is there already, and is not as it was made"))
        #expect(try Data(contentsOf: foreign) == Data("mine".utf8))
    }

    /// Half a line, a half-written copy, a line without its copy.
    @Test func remainsOfAKilledRunAreNoObstacle() throws {
        try make()
        let before = try copies()
        let list = folder.appending(path: CopyJournal.fileName)
        let text = try Data(contentsOf: list)
        try (text + Data(#"{"copy":"00"#.utf8)).write(to: list)
        try FileManager.default.removeItem(at: folder.appending(path: "rgb.dcm"))
        let part = "rgb.dcm.\(UUID().uuidString).part"
        for name in [part, "notes.part"] {
            try Data("half".utf8).write(to: folder.appending(path: name))
        }
        try make()
        #expect(try copies().filter { $0.key != "notes.part" } == before)
        #expect(try copies()["notes.part"] == Data("half".utf8))
        try (text + Data("none\n".utf8)).write(to: list)
        let line = ImageProblem.corrupt("line 4 was written by no run")
        #expect(throws: ImageError(file: list.path, problem: line)) { try run() }
    }

    @Test func heldBackFilesAreLookedAtAgain() throws {
        for _ in 0..<2 {
            let outcome = try run([]).copy(original("eight.dcm"), as: "eight.dcm")
            guard case .now(let report) = outcome, report.outcome == .heldBack else {
                Issue.record("\(outcome)")
                return
            }
        }
        #expect(try copies().isEmpty)
    }

    @Test func replacementsLeadBack() throws {
        try make()
        let run = try run(telling: true)
        for name in Self.names {
            #expect(try run.copy(original(name), as: name) == .before)
        }
        let told = run.replacements
        #expect(told.files.map(\.replacement) == Self.names)
        #expect(told.files[0].original.hasSuffix("/dicom/signed.dcm"))
        let pseudonym = try #require(told.patients.first?.replacement)
        #expect(try ExpectedFrames.load().planted.contains(told.patients.map(\.original)[0]))
        let copies = try copies()
        for pair in told.uids {
            #expect(pair.original.hasPrefix("1.2.826.") && pair.replacement.hasPrefix("2.25."))
        }
        #expect(try #require(copies["signed.dcm"]).range(of: Data(pseudonym.utf8)) != nil)
        let found = told.uids.filter {
            copies["signed.dcm"]?.range(of: Data($0.replacement.utf8)) != nil
        }
        #expect(!found.isEmpty)
    }
}
