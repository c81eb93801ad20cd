import Foundation

/// What transformers (5.23) calls the modules of an architecture, for checkpoints and adapters that
/// call them as earlier versions did (`conversion_mapping.py`).
public struct WeightNames: Sendable, Hashable {
    /// One step of the renaming.
    public enum Rule: Sendable, Hashable {
        /// The first parts of a path; an empty text stands for none.
        case start(String, becomes: String)
        /// Parts in the middle of a path.
        case middle(String, becomes: String)
    }

    /// Names that never changed, as those of a decoder by itself.
    public static let unchanged = WeightNames([])

    /// Applied one after another.
    private let rules: [Rule]
    /// A layer whose weight holds several below each other, in equal shares.
    private let fused: [String: [String]]

    public init(_ rules: [Rule], fused: [String: [String]] = [:]) {
        self.rules = rules
        self.fused = fused
    }

    /// One layer's share of a stored tensor: piece `index` of `count` along the first dimension.
    struct Share: Sendable, Hashable {
        let index: Int
        let count: Int
    }

    /// Today's name of a module or tensor.
    public func current(_ name: String) -> String {
        rules.reduce(name) { $1.applied(to: $0) }
    }

    /// Today's names of what a stored tensor holds; the share is nil where it is the whole.
    func contents(of stored: String) -> [(name: String, share: Share?)] {
        let name = current(stored)
        for (old, layers) in fused {
            guard let range = name.range(of: ".\(old).") else { continue }
            return layers.enumerated().map { index, layer in
                (
                    name.replacingCharacters(in: range, with: ".\(layer)."),
                    Share(index: index, count: layers.count)
                )
            }
        }
        return [(name, nil)]
    }
}

extension WeightNames.Rule {
    fileprivate func applied(to name: String) -> String {
        switch self {
        case .start(let old, let new):
            guard name == old || name.hasPrefix("\(old).") else { return name }
            let rest = name.dropFirst(old.count)
            return new.isEmpty ? String(rest.drop { $0 == "." }) : new + rest
        case .middle(let old, let new):
            guard let range = name.range(of: ".\(old).") else { return name }
            return name.replacingCharacters(in: range, with: ".\(new).")
        }
    }
}
