import ArgumentParser
import Images

extension ImagesCommand {
    /// `preceptor images info`
    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What image files are and how they are shown, as JSON; nothing of a patient.",
            discussion: """
                One object a file. Of DICOM: which transformations make grey values of the stored \
                ones and where they come from, what there is besides and is not drawn, and why there \
                may be text in the pixels. The first frame is decoded for that. Ends with status 1 \
                where a file could not be read.
                """)

        @Argument(help: "PNG, JPEG, WebP or DICOM files.", completion: .file())
        var files: [String]

        func run() throws {
            var failures = 0
            for file in files {
                do {
                    try Output.json(Named(file: file, facts: ImageFacts(shown: file)))
                } catch {
                    failures += 1
                    Output.note("\(error)")
                }
            }
            if failures > 0 { throw ExitCode(1) }
        }

        /// The facts with the name of the file they are of.
        private struct Named: Encodable {
            let file: String
            let facts: ImageFacts

            func encode(to encoder: any Encoder) throws {
                try facts.encode(to: encoder)
                var container = encoder.container(keyedBy: Key.self)
                try container.encode(file, forKey: .file)
            }

            private enum Key: String, CodingKey { case file }
        }
    }
}
