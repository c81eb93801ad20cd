import ArgumentParser
import Foundation
import Images

/// `preceptor images`
struct ImagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "What image files are, and copies of DICOM files without who they show.",
        subcommands: [Scrub.self, Render.self, Info.self])

    /// `preceptor images scrub`
    struct Scrub: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy DICOM files without identifying tags; warn of text in the pixels.",
            discussion: """
                Follows the basic profile of PS3.15 annex E: names, dates, descriptions and private \
                tags go, UIDs are replaced alike in all files of one call, pixels stay as they are. \
                What is written within the pixels stays too: look at every file that is warned of. \
                Ends with status 1 where a file could not be copied; the others are.
                """)

        @Argument(help: "DICOM files.", completion: .file())
        var inputs: [String]

        @Option(help: "The folder for the copies; made where it is missing.")
        var output: String

        @Flag(help: "Number the copies, since a name may tell whom a file shows.")
        var rename = false

        @Flag(help: "Replace copies that are there already.")
        var overwrite = false

        func run() throws {
            let folder = URL(filePath: output)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            var uids = UIDReplacements()
            var failures = 0
            for (index, input) in inputs.enumerated() {
                let copy = folder.appending(path: name(of: input, index)).path
                do {
                    let report = try DicomScrub.copy(
                        input, to: copy, uids: &uids, overwrite: overwrite)
                    Output.print(Self.line(copy, report))
                    for warning in report.warnings { Output.note("\(copy): \(warning)") }
                } catch {
                    failures += 1
                    Output.note("\(error)")
                }
            }
            if failures > 0 { throw ExitCode(1) }
        }

        private func name(of input: String, _ index: Int) -> String {
            guard rename else { return URL(filePath: input).lastPathComponent }
            let digits = String(inputs.count).count
            let number = String(index + 1)
            return String(repeating: "0", count: digits - number.count) + number + ".dcm"
        }

        private static func line(_ copy: String, _ report: DicomScrub.Report) -> String {
            let gone = report.removed.union(report.emptied).sorted()
            let names = gone.isEmpty ? "nothing" : gone.joined(separator: ", ")
            return "\(copy): without \(names); \(report.privateAttributes) private tags; "
                + "\(report.replaced.count) attributes with other values"
        }
    }
}
