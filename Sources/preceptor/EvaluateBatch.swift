import Evaluation
import FileFormats
import Foundation

/// Files of questions that are evaluated one after the other.
struct SplitList {
    struct Entry {
        let name: String
        let data: URL
        /// What the controls without a model learn from.
        let train: URL?
    }

    let entries: [Entry]

    /// The .json and .jsonl files of a folder by name, or those that a list names: a JSON list of
    /// `{name, data, train}`, paths counted from its folder.
    ///
    /// - Parameter train: a file for all, or a folder with a file of each one's name, or of the
    ///   name with `_train` in the place of `_test`.
    /// - Throws: `FormatError` when there is no file, or a list is malformed.
    init(_ path: String, train: String?) throws(FormatError) {
        let url = URL(filePath: path)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw FormatError(file: path, reason: "there is no such folder")
        }
        guard isFolder.boolValue else {
            entries = try Self.listed(url)
            return
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        entries = names.sorted().filter { name in
            !name.hasPrefix(".") && (name.hasSuffix(".json") || name.hasSuffix(".jsonl"))
        }.map { name in
            let data = url.appending(path: name)
            return Entry(
                name: data.deletingPathExtension().lastPathComponent, data: data,
                train: train.flatMap { Self.training($0, for: name) })
        }
        guard !entries.isEmpty else {
            throw FormatError(file: path, reason: "has no .json and no .jsonl file")
        }
        try Self.requireNames(entries, path)
    }

    private static func training(_ path: String, for name: String) -> URL? {
        let url = URL(filePath: path)
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        guard isFolder.boolValue else { return url }
        let candidates = [name.replacing("_test", with: "_train"), name].map {
            url.appending(path: $0)
        }
        return candidates.first { FileManager.default.fileExists(atPath: $0.path) }
    }

    private static func listed(_ url: URL) throws(FormatError) -> [Entry] {
        let home = url.standardizedFileURL.deletingLastPathComponent()
        guard let rows = try JSONDocument.read(url).array, !rows.isEmpty else {
            throw FormatError(file: url.path, reason: "is not a list of files")
        }
        var entries: [Entry] = []
        for (place, row) in rows.enumerated() {
            guard let name = row["name"]?.string, let data = row["data"]?.string else {
                throw FormatError(
                    file: url.path, item: "entry \(place + 1)", reason: "needs 'name' and 'data'")
            }
            func file(_ path: String) -> URL {
                path.hasPrefix("/") ? URL(filePath: path) : home.appending(path: path)
            }
            entries.append(
                Entry(name: name, data: file(data), train: row["train"]?.string.map(file)))
        }
        try requireNames(entries, url.path)
        return entries
    }

    /// Each has a folder of its name.
    private static func requireNames(_ entries: [Entry], _ path: String) throws(FormatError) {
        var seen: Set<String> = []
        for entry in entries {
            guard !entry.name.isEmpty, !entry.name.hasPrefix("."), !entry.name.contains("/") else {
                throw FormatError(file: path, item: entry.name, reason: "is no name for a folder")
            }
            guard seen.insert(entry.name).inserted else {
                throw FormatError(file: path, item: entry.name, reason: "two files have this name")
            }
        }
    }
}

extension VisionRun {
    /// Evaluates every file of a list into a folder of its own; a file that fails stops no other.
    ///
    /// - Returns: the summary, which also stands in the folder.
    func batch(_ list: SplitList, into folder: URL) throws -> BatchSummary {
        var summary = BatchSummary(
            entries: list.entries.map { .init(name: $0.name, file: $0.data.relativePath) })
        try summary.write(to: folder)
        for (place, entry) in list.entries.enumerated() {
            do {
                summary.entries[place].summary = try finished(entry, folder)
            } catch {
                summary.entries[place].error = "\(error)"
                Output.note("\(entry.name): \(error)")
            }
            try summary.write(to: folder)
        }
        return summary
    }

    private func finished(_ entry: SplitList.Entry, _ folder: URL) throws -> VisionSummary {
        let place = folder.appending(path: entry.name)
        let task = try task(entry.data)
        let marker = DoneMarker(folder: place, identity: try hash(entry, task))
        if marker.isDone, let summary = try? VisionSummary(reading: place) {
            Output.note("\(entry.name): finished before")
            return summary
        }
        Output.note(entry.name)
        try marker.clear()
        let summary = try evaluate(task, of: entry.data, train: entry.train, into: place)
        try marker.set()
        return summary
    }

    /// Of everything that decides a file's summary.
    private func hash(_ entry: SplitList.Entry, _ task: VisionTask) throws -> String {
        let training = try entry.train.map { try Checksums.sha256(of: $0) } ?? ""
        let templates = settings.templates.map(\.rawValue).joined(separator: ",")
        return try DoneMarker.hash(
            [
                kind.rawValue, task.dataHash, task.imagesHash ?? "", training, templates,
                settings.method.rawValue, settings.systemPrompt ?? "",
                "\(settings.maximumTokens ?? 0)",
                "\(settings.showsControls)", "\(settings.seed)", "\(selection)",
                "\(options.overlays)", options.clusterBy ?? "",
            ] + options.images.words + identity)
    }
}
