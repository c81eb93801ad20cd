import Foundation

/// What a caller says about where the images of a file's records are.
public struct ImageOrigin: Sendable, Hashable {
    /// The folder that paths count from; nil for the file's own.
    public var root: URL?
    /// The column that has the images, where it is none of those that are read anyway; nil for
    /// these.
    public var column: String?

    /// As the file says, where nothing else is given.
    ///
    /// - Parameters:
    ///   - root: a folder; an empty text is none.
    ///   - column: a column's name; an empty text is none.
    public init(root: String? = nil, column: String? = nil) {
        self.root = root.flatMap { $0.isEmpty ? nil : URL(filePath: $0) }
        self.column = column.flatMap { $0.isEmpty ? nil : $0 }
    }
}
