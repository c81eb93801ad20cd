/// How many of some records hold an image: a model that sees and is shown none learns to guess.
public struct ImageShare: Sendable, Hashable {
    /// Records with an image.
    public let shown: Int
    /// All records.
    public let total: Int

    /// - Parameter images: for each record whether it holds an image.
    public init(_ images: some Sequence<Bool>) {
        (shown, total) = images.reduce(into: (0, 0)) { $0 = ($0.0 + ($1 ? 1 : 0), $0.1 + 1) }
    }

    /// Of a file's records, of which each may have given several examples.
    public init(_ examples: [some TokenizedRecord]) {
        let lines = Dictionary(grouping: examples, by: \.line)
        self.init(lines.values.map { $0.contains { !$0.images.isEmpty } })
    }

    /// The share in words; nil where all hold an image.
    public var note: String? {
        shown == total ? nil : "\(shown) of \(total) records hold an image; the model reads images"
    }
}
