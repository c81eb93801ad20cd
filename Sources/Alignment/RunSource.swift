import Checkpoints
import FileFormats
import Foundation
import Rewards

/// A folder or program that a recipe names besides its model and its data, and what errors call it.
public enum RunSource: Sendable, Hashable {
    /// An adapter's folder; empty where the recipe names none.
    case adapter(String, folder: String)
    /// A program with its arguments.
    case program(String, command: [String])

    var name: String {
        switch self {
        case .adapter(let name, _), .program(let name, _): name
        }
    }

    /// A hash of its files; nil where there is nothing.
    ///
    /// - Throws: ``FormatError`` where a file cannot be read.
    func contentHash() throws(FormatError) -> String? {
        switch self {
        case .adapter(_, let folder):
            folder.isEmpty ? nil : try AdapterFiles.contentHash(of: URL(filePath: folder))
        case .program(_, let command): try Checksums.sha256(of: Self.files(of: command))
        }
    }

    /// The program itself, sought as the shell does, and every file among its arguments: the
    /// script that an interpreter runs, the data that it reads.
    private static func files(of command: [String]) -> [(name: String, url: URL)] {
        command.enumerated().compactMap { place, word in
            let places =
                place > 0 || word.contains("/")
                ? [URL(filePath: word)]
                : searchPath.map { URL(filePath: $0).appending(path: word) }
            let file = places.lazy.map { $0.resolvingSymlinksInPath() }.first(where: isFile)
            return file.map { (name: "\(place) \(word)", url: $0) }
        }
    }

    private static var searchPath: [String] {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    }

    private static func isFile(_ url: URL) -> Bool {
        let type = try? FileManager.default.attributesOfItem(atPath: url.path)[.type]
        return type as? FileAttributeType == .typeRegular
            && FileManager.default.isReadableFile(atPath: url.path)
    }
}

extension PreferenceSettings {
    public func sources() -> [RunSource] { [ReferencePolicy.source(reference)] }
}

extension KTOSettings {
    public func sources() -> [RunSource] { [ReferencePolicy.source(reference)] }
}

extension RolloutMethod {
    public func sources() throws(RecipeFault) -> [RunSource] {
        let rewards = try rollout.specifications().compactMap { reward -> RunSource? in
            switch reward.kind {
            case .model(let settings):
                .adapter("reward model \(reward.name)", folder: settings.path)
            case .program(let settings):
                .program("reward program \(reward.name)", command: settings.command)
            default: nil
            }
        }
        return [ReferencePolicy.source(rollout.reference)] + rewards + own.sources
    }
}

extension PPOKeys {
    public var sources: [RunSource] { [.adapter("value model", folder: valueModel)] }
}

extension ReferencePolicy {
    /// The recipe's `reference`, where it is a folder of its own: the base model and the start
    /// adapter are sources already.
    fileprivate static func source(_ reference: String) -> RunSource {
        .adapter("reference", folder: ["start", "base"].contains(reference) ? "" : reference)
    }
}
