import FileFormats
import Foundation
import Records

/// The rows of a file that is to be split, or of a part of one, whatever they are for.
public struct SplitFile: Sendable {
    /// The path, as problems name it.
    public let file: String
    /// In the order of the file.
    let rows: [SplitRow]
    /// Rows that cannot be read, and images that are not there, in the order of the file.
    public let problems: [RecordProblem]

    /// Reads JSON Lines or a JSON array.
    ///
    /// - Parameter images: where images are, as far as the file does not say.
    /// - Throws: `DatasetError.unreadable` when there is no such file.
    public init(scanning url: URL, images: ImageOrigin = ImageOrigin()) throws(DatasetError) {
        let scan = try RecordScan(url, images: images) { source, data throws(RecordFault) in
            try SplitRow(source, data)
        }
        (file, problems) = (scan.file, scan.problems)
        rows = SplitRow.withContent(scan.rows)
    }

    /// Reads a file of which every row is good and every image is there.
    ///
    /// - Throws: `DatasetError.unusable` with all problems; also when there is no row.
    public init(reading url: URL, images: ImageOrigin = ImageOrigin()) throws(DatasetError) {
        try self.init(scanning: url, images: images)
        let missing = rows.compactMap { row -> RecordProblem? in
            let paths = row.images.filter { $0.reference == nil }.map(\.written)
            guard !paths.isEmpty else { return nil }
            return RecordProblem(
                file: file, line: row.source.line, id: row.source.id,
                fault: .imagesNotFound(paths))
        }
        let all = (problems + missing).sorted { $0.line < $1.line }
        guard all.isEmpty, !rows.isEmpty else { throw .unusable(all) }
    }
}

/// One row of a file, not yet read as a record of any purpose.
struct SplitRow: Sendable {
    /// An image as the row has it.
    struct Image: Sendable {
        /// The path, or where the image itself stands.
        let written: String
        /// Nil when it is not there.
        let reference: ImageReference?
        /// Of its content, or of the path when it is not there.
        var key: UInt64
    }

    let source: RecordSource
    let text: RowText
    var images: [Image]
    /// Of the words that are to be answered; nil when the row has no such words.
    let prompt: UInt64?

    init(_ source: RecordSource, _ data: Data) throws(RecordFault) {
        (self.source, text) = (source, RowText(data))
        var images: [Image] = []
        for image in try source.writtenImages(turns: Self.turnColumns) {
            let place = try image.place()
            images.append(
                Image(
                    written: place.name, reference: place.reference(in: source.folder),
                    key: fnv1a([place.name])))
        }
        self.images = images
        prompt = Self.prompt(source)
    }

    /// With keys of the images' contents; each file is read once.
    static func withContent(_ rows: [SplitRow]) -> [SplitRow] {
        let keys = ImageContent.keys(of: rows.flatMap { $0.images.compactMap(\.reference) })
        return rows.map { row in
            var row = row
            for index in row.images.indices {
                if let image = row.images[index].reference, let key = keys[image] {
                    row.images[index].key = key
                }
            }
            return row
        }
    }

    private static let turnColumns = ["prompt", "messages", "conversations", "chosen"]

    /// Images and the space around words do not count.
    private static func prompt(_ source: RecordSource) -> UInt64? {
        guard let turns = PromptRecord.turns(of: source) ?? (try? source.turns("text")) else {
            return nil
        }
        return fnv1a(turns.asMessages.map(\.content.withoutImages))
    }
}
