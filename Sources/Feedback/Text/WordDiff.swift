/// What was changed between two texts, word by word: the fewest words deleted and inserted.
///
/// Source: Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), which is what
/// `CollectionDifference` computes.
package struct WordDiff: Sendable, Hashable {
    /// A stretch of text with one fate.
    package struct Run: Codable, Sendable, Hashable {
        package enum Kind: String, Codable, Sendable, Hashable {
            case equal, deleted, inserted
        }

        package let kind: Kind
        package let text: String

        package init(_ kind: Kind, _ text: String) {
            self.kind = kind
            self.text = text
        }
    }

    /// In order; of a change the deleted text comes first. The equal and deleted texts together are
    /// the original, the equal and inserted ones the edited text. Space between two changed words
    /// belongs to the change.
    package let runs: [Run]
    /// The share of words and marks that were deleted or inserted among those of both texts: 0 for
    /// equal texts, 1 where they share none.
    package let editRate: Double

    /// Compares an original with its edited form.
    package init(from original: String, to edited: String) {
        let (old, new) = (TextPieces.split(original), TextPieces.split(edited))
        var builder = RunBuilder()
        for change in Self.changes(from: old, to: new) { builder.append(change.kind, change.text) }
        runs = builder.finished()
        let changed = runs.filter { $0.kind != .equal }
            .reduce(0) { $0 + TextPieces.wordCount(TextPieces.split($1.text)) }
        let all = TextPieces.wordCount(old) + TextPieces.wordCount(new)
        editRate = all == 0 ? 0 : Double(changed) / Double(all)
    }

    /// Beyond this many pieces the search would take memory with their square; what differs is
    /// then shown as replaced in one.
    private static let limit = 4_000

    /// Every piece with its fate.
    private static func changes(from old: [String], to new: [String]) -> [Run] {
        let start = zip(old, new).prefix { $0 == $1 }.count
        let rest = (old.dropFirst(start), new.dropFirst(start))
        let end = zip(rest.0.reversed(), rest.1.reversed()).prefix { $0 == $1 }.count
        let middle = difference(Array(rest.0.dropLast(end)), Array(rest.1.dropLast(end)))
        return old.prefix(start).map { Run(.equal, $0) } + middle
            + old.suffix(end).map { Run(.equal, $0) }
    }

    private static func difference(_ old: [String], _ new: [String]) -> [Run] {
        guard old.count + new.count <= limit else {
            return old.map { Run(.deleted, $0) } + new.map { Run(.inserted, $0) }
        }
        let difference = new.difference(from: old)
        let removed = Set(difference.removals.map(offset))
        let added = Set(difference.insertions.map(offset))
        var runs: [Run] = []
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if removed.contains(left) {
                runs.append(Run(.deleted, old[left]))
                left += 1
            } else if added.contains(right) {
                runs.append(Run(.inserted, new[right]))
                right += 1
            } else {
                runs.append(Run(.equal, old[left]))
                (left, right) = (left + 1, right + 1)
            }
        }
        return runs
    }

    private static func offset(_ change: CollectionDifference<String>.Change) -> Int {
        switch change {
        case .remove(let offset, _, _), .insert(let offset, _, _): offset
        }
    }
}
