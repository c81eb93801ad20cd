import ArgumentParser
import Foundation
import Images

extension ImagesCommand {
    /// `preceptor images deidentify`
    struct Deidentify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy image files without what identifies somebody.",
            discussion: """
                DICOM by the basic profile of PS3.15 annex E: what is not known to be safe goes, \
                UIDs are replaced alike, comments within frames and bytes behind them go. A file \
                whose pixels may hold text gets no copy unless --blank-text paints it over or \
                --reviewed says that somebody has looked; no detector finds all text, so look at \
                the copies. PNG, JPEG and WebP lose all that is not the picture. The same command with \
                --key again, after it was interrupted, makes what is missing. Ends with status 1 \
                where a file got no copy; the others do.
                """,
            aliases: ["scrub"])

        @Argument(help: "DICOM, PNG, JPEG or WebP files.", completion: .file())
        var inputs: [String]

        @Option(help: "The folder for the copies; made where it is missing.")
        var output: String

        @Option(
            help: """
                A file with the project's key, made where it is missing: the same UIDs, pseudonyms \
                and shifts of dates in every call. Guard it like the originals. Without it each \
                call has its own.
                """,
            completion: .file())
        var key: String?

        @Option(
            parsing: .upToNextOption,
            help: "What stays: uids, device, institution, patient, dates or shifted-dates.")
        var retain: [Retained] = []

        @Option(
            parsing: .upToNextOption,
            help: """
                What is cleaned rather than removed: descriptors, structured or graphics \
                (visual-features is refused: nothing here finds faces).
                """)
        var clean: [Cleaned] = []

        @Flag(help: "Paint over text that is found in the pixels.")
        var blankText = false

        @Flag(help: "Somebody has looked: text in the pixels holds no file back.")
        var reviewed = false

        @Flag(help: "Number the copies, since a name may tell whom a file shows.")
        var rename = false

        @Flag(help: "Replace copies that are there already.")
        var overwrite = false

        @Option(
            help: """
                A new file for what took the place of UIDs, patients' ids and file names, encrypted \
                with a passphrase; preceptor images mapping reads it. It leads back to patients.
                """,
            completion: .file())
        var mapping: String?

        @OptionGroup var secret: PassphraseOption

        enum Retained: String, CaseIterable, ExpressibleByArgument {
            case uids, device, institution, patient, dates
            case shiftedDates = "shifted-dates"
        }

        enum Cleaned: String, CaseIterable, ExpressibleByArgument {
            case descriptors, structured, graphics
            case visualFeatures = "visual-features"
        }

        func validate() throws {
            if clean.contains(.visualFeatures) {
                throw ValidationError("--clean visual-features: nothing here finds faces")
            }
            if retain.contains(.dates), retain.contains(.shiftedDates) {
                throw ValidationError("--retain takes dates or shifted-dates, not both")
            }
            if mapping == nil, secret.passphrase != nil {
                throw ValidationError("--passphrase is for --mapping")
            }
            let names = copyNames
            if let mapping {
                let file = URL(filePath: mapping).standardizedFileURL.path
                let folder = URL(filePath: output)
                let taken = names.map { folder.appending(path: $0).standardizedFileURL.path }
                let name = URL(filePath: mapping).lastPathComponent
                if taken.contains(file) || DeidentificationRun.isReserved(name) {
                    throw ValidationError("--mapping has the name of a copy: \(mapping)")
                }
            }
            if names.contains(where: DeidentificationRun.isReserved) {
                throw ValidationError(
                    "the name of an input is that of the list of copies; --rename")
            }
            if let twice = Dictionary(grouping: names, by: { $0 }).first(where: { $1.count > 1 }) {
                throw ValidationError(
                    "\(twice.value.count) inputs are called \(twice.key): one copy would replace "
                        + "the other; --rename numbers them")
            }
        }

        func run() throws {
            let mapping = try mapping.map { MappingFile($0, opened: try secret.value()) }
            let folder = URL(filePath: output)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try mapping?.requireRoom()
            let run = try DeidentificationRun(
                Deidentification(
                    key: try key.map { try ProjectKey(keptIn: $0) } ?? ProjectKey(),
                    options: options),
                into: folder, names: copyNames, tellsReplacements: mapping != nil)
            var failures = 0
            for (input, name) in zip(inputs, copyNames) {
                do {
                    let outcome = try run.copy(input, as: name, overwrite: overwrite)
                    if !Self.tell(outcome, input, folder.appending(path: name).path) {
                        failures += 1
                    }
                } catch {
                    failures += 1
                    Output.note("\(error)")
                }
            }
            try mapping?.write(run.replacements)
            if failures > 0 { throw ExitCode(1) }
        }

        /// Whether there is a copy.
        private static func tell(
            _ outcome: DeidentificationRun.Outcome, _ input: String, _ copy: String
        ) -> Bool {
            guard case .now(let report) = outcome else {
                Output.print("\(copy): made before")
                return true
            }
            Output.print(line(input, copy, report))
            for warning in report.warnings { Output.note("\(copy): \(warning)") }
            return report.outcome == .written
        }

        private var options: [Deidentification.Option] {
            let named = retain.map(\.rawValue) + clean.map(\.rawValue)
            return named.compactMap(Deidentification.Option.init) + (blankText ? [.blankText] : [])
                + (reviewed ? [.reviewed] : [])
        }

        /// One of its own for each input.
        private var copyNames: [String] {
            let digits = String(inputs.count).count
            return inputs.enumerated().map { index, input in
                let url = URL(filePath: input)
                guard rename else { return url.lastPathComponent }
                let number = String(index + 1)
                let kind = ["png", "jpg", "jpeg", "webp"].contains(url.pathExtension.lowercased())
                return String(repeating: "0", count: digits - number.count) + number
                    + (kind ? ".\(url.pathExtension.lowercased())" : ".dcm")
            }
        }

        private static func line(
            _ input: String, _ copy: String, _ report: Deidentification.Report
        ) -> String {
            guard report.outcome == .written else {
                return "\(input): \(report.outcome.rawValue): \(report.reason)"
            }
            let gone = Set(report.removed + report.emptied).sorted()
            let names = gone.isEmpty ? "nothing" : gone.joined(separator: ", ")
            return "\(copy): without \(names); \(report.privateAttributes) private and "
                + "\(report.unknownAttributes) unknown attributes; "
                + "\(report.replaced.count + report.cleaned.count) attributes with other values"
        }
    }
}
