import Foundation

/// What lies below a folder, as sorted paths relative to it.
enum FolderListing {
    static func regularFiles(below folder: URL) throws(FormatError) -> [String] {
        try entries(below: folder, type: .typeRegular)
    }

    static func folders(below folder: URL) throws(FormatError) -> [String] {
        try entries(below: folder, type: .typeDirectory)
    }

    private static func entries(
        below folder: URL,
        type: FileAttributeType
    ) throws(FormatError) -> [String] {
        do {
            let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            return try paths.sorted().filter { path in
                let entry = folder.appending(path: path).path
                let attributes = try FileManager.default.attributesOfItem(atPath: entry)
                return attributes[.type] as? FileAttributeType == type
            }
        } catch {
            throw FormatError(file: folder.path, reason: "cannot list the folder")
        }
    }
}

extension FolderListing {
    static func exists(_ url: URL) -> Bool {
        FileManager.default.fileExists(atPath: url.path)
    }

    static func isFolder(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
            && isFolder.boolValue
    }
}
