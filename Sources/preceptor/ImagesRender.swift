import ArgumentParser
import Foundation
import Images
import Records

extension ImagesCommand {
    /// `preceptor images render`
    struct Render: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write PNG files of what a model or a person is shown of images.",
            discussion: """
                Eight bits a channel, upright, before any processor of a model. Prints one JSON \
                object a file: where it is, and of DICOM why it looks so. Copies are named after \
                their file, numbered where two would have one name, and replace nothing unless told \
                to. Ends with status 1 where a file could not be read; the others are written.
                """)

        @Argument(help: "PNG, JPEG, WebP or DICOM files.", completion: .file())
        var files: [String]

        @Option(help: "The folder for the PNG files; made where it is missing.")
        var output: String

        @Option(help: "The frame of a DICOM file, counted from 0.")
        var frame = 0

        @Option(
            help: ArgumentHelp(
                "The grey values of DICOM: center and width; default for what the file asks for; "
                    + "none for all that the stored bits can hold.",
                valueName: "C,W|default|none"))
        var window = WindowChoice(values: .asTheFileAsks)

        @Option(help: "Shrink to at most so many pixels on the longer side.")
        var size: Int?

        @Flag(help: "Replace files that are there already.")
        var overwrite = false

        func validate() throws {
            try NumberRange.require(frame, "--frame", 0...)
            try NumberRange.require(size, "--size", 1..., most: 100_000)
        }

        func run() throws {
            let folder = URL(filePath: output)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            var failures = 0
            for (file, name) in zip(files, FileNames.distinct(for: files)) {
                do {
                    try render(file, to: folder.appending(path: "\(name).png").path)
                } catch {
                    failures += 1
                    Output.note("\(error)")
                }
            }
            if failures > 0 { throw ExitCode(1) }
        }

        private func render(_ file: String, to output: String) throws {
            let shown = try ImageFile.show(file, frame: frame, window.values)
            let image = size.map { shown.image.shrunk(toSide: $0) } ?? shown.image
            try PNGFile.write(image, to: output, overwrite: overwrite)
            try Output.json(
                Rendered(
                    file: file, output: output, width: image.width, height: image.height,
                    dicom: shown.dicom))
        }

        private struct Rendered: Encodable {
            let file: String
            let output: String
            let width: Int
            let height: Int
            let dicom: DicomFacts?
        }
    }
}

/// What `--window` says.
struct WindowChoice: ExpressibleByArgument {
    let values: ShownValues

    init(values: ShownValues) { self.values = values }

    init?(argument: String) {
        switch argument {
        case "default": values = .asTheFileAsks
        case "none": values = .all
        default:
            let numbers = argument.split(separator: ",", omittingEmptySubsequences: false)
                .map { Double($0) }
            guard numbers.count == 2, let center = numbers[0], let width = numbers[1],
                center.isFinite, width.isFinite, width > 0
            else { return nil }
            values = .window(ImageWindow(center: center, width: width))
        }
    }

    var defaultValueDescription: String { "default" }
}

/// Names for what is written of several files.
enum FileNames {
    /// The files' own without what follows the last point, numbered where they would be the same.
    static func distinct(for files: [String]) -> [String] {
        var counts: [String: Int] = [:]
        var taken = Set<String>()
        return files.map { file in
            let stem = URL(filePath: file).deletingPathExtension().lastPathComponent
            var name = stem
            while !taken.insert(name).inserted {
                counts[stem, default: 1] += 1
                name = "\(stem)-\(counts[stem, default: 1])"
            }
            return name
        }
    }
}
