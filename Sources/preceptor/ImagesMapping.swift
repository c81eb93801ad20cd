import ArgumentParser
import Foundation
import Images

extension ImagesCommand {
    /// `preceptor images mapping`
    struct Mapping: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print what images deidentify --mapping wrote, as JSON. It names patients.",
            discussion: """
                files: originals and the names of their copies; patients: their ids (of a file \
                without one the Study Instance UID) and pseudonyms; uids: those of the originals \
                and of the copies.
                """)

        @Argument(help: "The mapping file.", completion: .file())
        var file: String

        @OptionGroup var secret: PassphraseOption

        func run() throws {
            try Output.json(MappingFile(file, opened: try secret.value()).read())
        }
    }
}

/// The passphrase of a mapping file: from a file or the environment, since others can see a command
/// line.
struct PassphraseOption: ParsableArguments {
    private static let variable = "PRECEPTOR_PASSPHRASE"

    @Option(
        help: """
            A file with the mapping's passphrase, a line of at least 12 characters; without it, \
            PRECEPTOR_PASSPHRASE in the environment holds it.
            """,
        completion: .file())
    var passphrase: String?

    /// - Throws: `ImageError`; `ValidationError` where there is none.
    func value() throws -> Passphrase {
        if let passphrase { return try Passphrase(keptIn: passphrase) }
        guard let text = ProcessInfo.processInfo.environment[Self.variable] else {
            throw ValidationError(
                "the mapping needs a passphrase: --passphrase FILE, or \(Self.variable) in the "
                    + "environment")
        }
        do {
            return try Passphrase(text)
        } catch {
            throw ImageError(file: Self.variable, problem: error)
        }
    }
}
