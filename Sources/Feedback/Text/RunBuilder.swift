/// Joins pieces of a difference into runs, space between two changes going with them.
struct RunBuilder {
    private var runs: [WordDiff.Run] = []
    private var deleted = ""
    private var inserted = ""
    /// Equal space after a change, which is part of it if another change follows.
    private var space = ""

    mutating func append(_ kind: WordDiff.Run.Kind, _ text: String) {
        switch kind {
        case .deleted:
            takeSpace()
            deleted += text
        case .inserted:
            takeSpace()
            inserted += text
        case .equal where isChanging && text.allSatisfy(\.isWhitespace):
            space += text
        case .equal:
            endChange()
            let before = runs.last?.kind == .equal ? runs.removeLast().text : ""
            runs.append(.init(.equal, before + text))
        }
    }

    /// All runs, after the last piece.
    mutating func finished() -> [WordDiff.Run] {
        endChange()
        return runs
    }

    private var isChanging: Bool { !deleted.isEmpty || !inserted.isEmpty }

    private mutating func takeSpace() {
        deleted += space
        inserted += space
        space = ""
    }

    private mutating func endChange() {
        if !deleted.isEmpty { runs.append(.init(.deleted, deleted)) }
        if !inserted.isEmpty { runs.append(.init(.inserted, inserted)) }
        if !space.isEmpty { runs.append(.init(.equal, space)) }
        (deleted, inserted, space) = ("", "", "")
    }
}
