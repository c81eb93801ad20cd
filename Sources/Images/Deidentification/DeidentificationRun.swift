import Crypto
import Foundation

/// Copies into one folder. The same run, started again after it was interrupted, goes on.
package final class DeidentificationRun {
    package enum Outcome: Equatable {
        case now(Deidentification.Report)
        /// By the same run before; the copy is there, and what it was.
        case before
    }

    /// Of all copies, where they were asked for.
    package private(set) var replacements = Replacements()

    private let deidentification: Deidentification
    private let folder: URL
    private let journal: CopyJournal
    private let program: SHA256.Digest
    private let tellsReplacements: Bool

    /// - Parameter names: Of the copies that will be made; what an earlier run left of them half
    ///   written is removed.
    /// - Throws: `.unwritable`, also where another run holds the folder; `.corrupt`; `.reader`.
    package init(
        _ deidentification: Deidentification, into folder: URL, names: [String],
        tellsReplacements: Bool = false
    ) throws(ImageError) {
        self.deidentification = deidentification
        self.folder = folder
        self.tellsReplacements = tellsReplacements
        let path = folder.appending(path: CopyJournal.fileName).path
        journal = try ImageProblem.named(path) { () throws(ImageProblem) in try CopyJournal(path) }
        NewFile.removeRemains(of: Set(names), in: folder)
        program = try deidentification.worker.digest()
    }

    /// A name that no copy can have.
    package static func isReserved(_ name: String) -> Bool { name == CopyJournal.fileName }

    /// Makes the copy, where there can be one and there is none yet; it appears whole or not at all.
    ///
    /// - Throws: Whatever is wrong with the file or the worker; `.exists` and `.otherwise` for a
    ///   copy that this run did not make; `.unwritable`.
    package func copy(
        _ path: String, as name: String, overwrite: Bool = false
    ) throws(ImageError) -> Outcome {
        let output = folder.appending(path: name).path
        let origin = try ImageProblem.named(path) { () throws(ImageProblem) in
            try self.origin(of: OpenFile(path, limits: self.deidentification.limits))
        }
        let done = try ImageProblem.named(output) { () throws(ImageProblem) in
            try overwrite ? nil : self.digestOfCopy(output, named: name, from: origin)
        }
        if done != nil, !tellsReplacements { return .before }
        let made = try deidentification.make(of: path, tellsReplacements: tellsReplacements)
        guard made.report.outcome == .written else { return .now(made.report) }
        let digest = SHA256.hash(data: made.bytes).letters
        try ImageProblem.named(output) { () throws(ImageProblem) in
            guard done == nil else {
                guard done == digest else { throw .otherwise(Self.changed) }
                return
            }
            try journal.add(.init(name: name, origin: origin, copy: digest))
            try NewFile.write(made.bytes, to: output, overwrite: overwrite)
        }
        let original = URL(filePath: path).standardizedFileURL.path
        replacements.add(file: original, copiedAs: name, made.replacements)
        return done == nil ? .now(made.report) : .before
    }

    private static let changed = "is there already, and is not as it was made"

    /// Of the copy that is there, which must come from this origin; nil where there is none.
    private func digestOfCopy(
        _ output: String, named name: String, from origin: String
    ) throws(ImageProblem) -> String? {
        var facts = stat()
        guard lstat(output, &facts) == 0 else { return nil }
        guard let entry = journal.entries[name] else { throw .exists }
        guard entry.origin == origin else {
            throw .otherwise(
                "is there already, made of another file or with another key, other options or "
                    + "another version of the program")
        }
        let file = try OpenFile(output, limits: .unbounded)
        guard try file.digest().letters == entry.copy else { throw .otherwise(Self.changed) }
        return entry.copy
    }

    private func origin(of file: borrowing OpenFile) throws(ImageProblem) -> String {
        let settings = deidentification.options.map(\.rawValue).sorted().joined(separator: ",")
        var code = HMAC<SHA256>(key: deidentification.key.symmetric)
        code.update(data: Data("copy\0\(settings)\0".utf8))
        for digest in [program, try file.digest()] {
            digest.withUnsafeBytes { code.update(data: $0) }
        }
        return code.finalize().letters
    }
}

extension Sequence<UInt8> {
    /// Hexadecimal digits.
    var letters: String {
        map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
