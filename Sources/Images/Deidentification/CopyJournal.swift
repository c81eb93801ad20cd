import Foundation
import Records

/// What was copied into a folder, so that an interrupted run goes on: a line of JSON for each copy,
/// written before the copy appears. Held by one run at a time.
final class CopyJournal {
    static let fileName = ".deidentified"

    struct Entry: Codable, Equatable {
        let name: String
        /// Which bytes, key, options and program; says nothing to who has not the key.
        let origin: String
        /// SHA-256 of the copy.
        let copy: String
    }

    /// The last of each name.
    private(set) var entries: [String: Entry] = [:]
    private let file: Int32

    /// - Throws: `.unwritable`, also where another run holds it; `.corrupt`.
    init(_ path: String) throws(ImageProblem) {
        file = open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .unwritable(ImageBytes.systemReason()) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            throw .unwritable(
                errno == EWOULDBLOCK
                    ? "another run writes into this folder" : ImageBytes.systemReason())
        }
        let text = try ImageBytes.load(open: file)
        // A run that was killed may have written half of a line: its copy is not there.
        let end = (text.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
        guard ftruncate(file, off_t(end)) == 0 else { throw .unwritable(ImageBytes.systemReason()) }
        for (index, line) in text[..<end].split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let entry = try? JSONDecoder().decode(Entry.self, from: Data(line)) else {
                throw .corrupt("line \(index + 1) was written by no run")
            }
            entries[entry.name] = entry
        }
    }

    deinit { close(file) }

    /// - Throws: `.unwritable`.
    func add(_ entry: Entry) throws(ImageProblem) {
        guard let text = try? JSONEncoder.line.encode(entry) else {
            throw .unwritable("its name is no text")
        }
        let line = [UInt8](text) + [UInt8(ascii: "\n")]
        guard write(file, line, line.count) == line.count, fsync(file) == 0 else {
            throw .unwritable(ImageBytes.systemReason())
        }
        entries[entry.name] = entry
    }
}
