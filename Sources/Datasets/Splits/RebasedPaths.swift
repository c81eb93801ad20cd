import Foundation
import Records

/// How paths of images are written when a row goes into a file of another folder.
struct RebasedPaths {
    /// Where the paths counted from, and the images are found.
    let folder: ImageFolder
    /// Where they are to count from; nil where they stay as they are.
    private let target: [String]?

    /// - Parameter target: the folder of the new file.
    init(from folder: ImageFolder, to target: URL) {
        self.folder = folder
        let (old, new) = (Self.steps(folder.root), Self.steps(target.path))
        self.target = old == new ? nil : new
    }

    /// The columns of a row that have to be written anew.
    func columns(of source: RecordSource) -> [String: JSONValue] {
        guard target != nil else { return [:] }
        var columns: [String: JSONValue] = [:]
        for (name, value) in source.columns {
            let isImage = source.imageColumn == name
            let new = isImage ? image(value) : turns(value)
            if new != value { columns[name] = new }
        }
        return columns
    }

    /// A path, an object with one, or a list of these.
    private func image(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let written): .string(path(written))
        case .array(let images): .array(images.map(image))
        case .object(let members):
            .object(
                members.reduce(into: members) { result, member in
                    let names = ["path", "image", "url", "image_url"]
                    // A source that is text says where the image is from.
                    let isSource = member.key == "source" && member.value.object != nil
                    guard isSource || names.contains(member.key) else { return }
                    result[member.key] = image(member.value)
                })
        default: value
        }
    }

    /// Turns whose parts may name images.
    private func turns(_ value: JSONValue) -> JSONValue {
        guard let turns = value.array else { return value }
        return .array(
            turns.map { turn in
                guard var members = turn.object, let parts = members["content"]?.array else {
                    return turn
                }
                members["content"] = .array(parts.map { $0.isImagePart ? image($0) : $0 })
                return .object(members)
            })
    }

    /// Addresses and absolute paths hold everywhere.
    private func path(_ written: String) -> String {
        guard let target, !written.isEmpty, !written.hasPrefix("/"), !written.contains("://"),
            !written.isEncodedImage, !written.hasPrefix("data:")
        else { return written }
        let file = folder.file(written) ?? folder.root + "/" + written
        let name = file.split(separator: "/").last.map(String.init) ?? ""
        let steps = Self.steps(String(file.dropLast(name.count))) + [name]
        let shared = zip(steps, target).prefix { $0 == $1 }.map(\.0).count
        // A path by way of the root folder holds nowhere else, and is clearer in full.
        guard shared > 0 else { return "/" + steps.joined(separator: "/") }
        let up = Array(repeating: "..", count: target.count - shared)
        return (up + steps[shared...]).joined(separator: "/")
    }

    /// The folders on the way, links resolved: `..` leads out of where a link leads to.
    private static func steps(_ path: String) -> [String] {
        URL(filePath: path).resolvingSymlinksInPath().standardized.path
            .split(separator: "/").map(String.init)
    }
}
