import ArgumentParser
import Datasets
import Foundation

/// `preceptor split`
struct Split: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Split records into a training and a test file that share no image.",
        discussion: """
            preceptor split FILE --train OUT --test OUT parts the records of FILE; \
            preceptor split --check TRAIN TEST tells what two files have in common, which is \
            often more than their authors knew.

            Rows stay as they are; paths of images are written anew so that they count from the \
            new file's folder. Images are told apart by their content, not by their names.
            """)

    @Argument(help: "Records, JSON Lines or a JSON array; with --check two files.")
    var files: [String]

    @Option(help: "Where the records to train on go: a JSON array for *.json, else JSON Lines.")
    var train: String?

    @Option(help: "Where the records to test on go.")
    var test: String?

    @Option(help: "Share of the records for the test file, at least; no group is parted.")
    var fraction = 0.2

    @Option(help: "Decides which records are held out.")
    var seed: UInt64 = 0

    @Option(
        help: """
            What the two files must not share: image, prompt (the words of the question), id, or \
            a column such as patient, with which images count too. Default: image where there \
            are images, else prompt.
            """, transform: DatasetSplit.Grouping.init)
    var by: DatasetSplit.Grouping?

    @OptionGroup var images: RecordImageOptions

    @Flag(help: "Compare two files that exist, the training file first.")
    var check = false

    func validate() throws {
        guard fraction > 0, fraction < 1 else {
            throw ValidationError("--fraction must be above 0 and below 1")
        }
        guard files.count == (check ? 2 : 1) else {
            throw ValidationError(check ? "--check takes two files" : "give one file to split")
        }
        if check {
            guard train == nil, test == nil else {
                throw ValidationError("--check writes nothing: leave --train and --test out")
            }
            return
        }
        guard let train, let test else { throw ValidationError("--train and --test are needed") }
        let paths = [files[0], train, test].map { URL(filePath: $0).standardizedFileURL.path }
        guard Set(paths).count == 3 else {
            throw ValidationError("the file, --train and --test must be three different files")
        }
    }

    func run() throws {
        let urls = files.map { URL(filePath: $0) }
        if check { return try compare(urls) }
        guard let train, let test else { return }
        let split = try DatasetSplit(
            SplitFile(reading: urls[0], images: images.origin), by: by, fraction: fraction,
            seed: seed)
        try split.write(
            training: URL(filePath: train), test: URL(filePath: test), rebasing: images.root == nil)
        Output.print("split by \(split.grouping)\n\(split.overlap)")
    }

    private func compare(_ urls: [URL]) throws {
        let files = try urls.map { try SplitFile(scanning: $0, images: images.origin) }
        for problem in files.flatMap(\.problems) { Output.note("left out: \(problem)") }
        Output.print("\(SplitOverlap(training: files[0], test: files[1]))")
    }
}
