import FileFormats
import Foundation

/// The rows of a JSON Lines file, or of a file that is one JSON array, as one kind of thing, with
/// everything that is wrong with them.
struct RecordScan<Row> {
    /// The path, as problems name it.
    let file: String
    /// Of the file's bytes, in hexadecimal.
    let sha256: String
    /// In the order of the file.
    let rows: [Row]
    /// In the order of the file.
    let problems: [RecordProblem]

    /// - Parameters:
    ///   - images: where images are, as far as the file does not say.
    ///   - read: makes a row of an object and of the bytes it was written with.
    /// - Throws: `DatasetError.unreadable` when there is no such file, `.noImageColumn` when no
    ///   record has the column that is to hold images.
    init(
        _ url: URL, images: ImageOrigin, read: (RecordSource, Data) throws(RecordFault) -> Row
    ) throws(DatasetError) {
        let lines: JSONLines
        do {
            lines = try JSONLines(url: url)
        } catch {
            throw .unreadable(file: error.file, reason: error.reason)
        }
        let folder = ImageFolder(
            images.root ?? url.deletingLastPathComponent(), column: images.column)
        var hasColumn = images.column == nil
        let file = lines.file.path
        var (rows, problems) = ([Row](), [RecordProblem]())
        for result in lines {
            switch result {
            case .failure(let error): problems.append(RecordProblem(error))
            case .success(let json):
                let source = RecordSource(line: json.line, value: json.value, folder: folder)
                if let column = images.column, source.columns[column] != nil { hasColumn = true }
                do throws(RecordFault) {
                    guard json.value.object != nil else { throw .notAnObject }
                    rows.append(try read(source, json.data))
                } catch {
                    problems.append(
                        RecordProblem(file: file, line: json.line, id: source.id, fault: error))
                }
            }
        }
        if !hasColumn, !(rows.isEmpty && problems.isEmpty), let column = images.column {
            throw .noImageColumn(column, file: file)
        }
        (self.file, self.rows, self.problems) = (file, rows, problems)
        sha256 = Checksums.sha256(of: lines.file.bytes)
    }
}

extension RecordProblem {
    /// A line that is not JSON; the reader says "line 12", possibly with a column behind it.
    fileprivate init(_ error: FormatError) {
        let digits = (error.item ?? "").drop { !$0.isNumber }.prefix { $0.isNumber }
        self.init(
            file: error.file, line: Int(digits) ?? 1, id: nil, fault: .malformed(error.reason))
    }
}
