import FileFormats
import Foundation

/// The images and records of an attack on disk, for its own evaluation and for other models.
public struct AttackFolder {
    public let plan: AttackPlan
    /// What made the images, as the caller names it.
    public let name: String
    /// Where records and images lie.
    public let images: URL
    private let root: URL

    /// images.json: where the images are and what made them.
    private struct Contents: Codable {
        let plan: AttackPlan
        let name: String
        let folder: String
    }

    /// - Parameter identity: a hash of everything that decides the images; those of other settings
    ///   lie in another folder and are never mixed in.
    public init(_ root: URL, plan: AttackPlan, identity: String, name: String) {
        (self.root, self.plan, self.name) = (root, plan, name)
        images = root.appending(path: "images-\(identity.prefix(12))")
    }

    /// Reads the folder of a complete attack.
    ///
    /// - Throws: `FormatError` where images.json is missing or damaged.
    public init(reading root: URL) throws(FormatError) {
        let file = root.appending(path: "images.json")
        guard let data = FileManager.default.contents(atPath: file.path) else {
            throw FormatError(file: file.path, reason: "is missing: no attack has ended there")
        }
        guard let contents = try? JSONDecoder().decode(Contents.self, from: data),
            !contents.folder.contains("/")
        else { throw FormatError(file: file.path, reason: "is not that of an attack") }
        self.root = root
        (plan, name) = (contents.plan, contents.name)
        images = root.appending(path: contents.folder)
    }

    /// Says that all images are there.
    ///
    /// - Throws: `FormatError` where it cannot be written.
    public func write() throws(FormatError) {
        try writeJSON(
            Contents(plan: plan, name: name, folder: images.lastPathComponent),
            to: root.appending(path: "images.json"))
    }

    /// The records of a task's questions; one that was not attacked has an error.
    ///
    /// - Throws: `FormatError` where a record cannot be read.
    public func records(of task: EvaluationTask) throws(FormatError) -> [AttackRecord] {
        var known: [String: AttackRecord] = [:]
        for name in try Self.names(in: images) where name.hasSuffix(".json") {
            let file = images.appending(path: name)
            guard let data = FileManager.default.contents(atPath: file.path),
                let record = try? JSONDecoder().decode(AttackRecord.self, from: data)
            else { throw FormatError(file: file.path, reason: "is not the record of an attack") }
            known[record.id] = record
        }
        return task.items.map { item in
            known[item.id]
                ?? AttackRecord(
                    id: item.id, loss: nil, findings: [], error: "was not attacked there")
        }
    }

    private static func names(in folder: URL) throws(FormatError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path)
        } catch {
            throw FormatError(file: folder.path, reason: error.localizedDescription)
        }
    }
}
