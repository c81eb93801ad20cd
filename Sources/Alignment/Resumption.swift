/// Whether a run begins, or goes on from its newest sound checkpoint.
public enum Resumption: Sendable, Hashable, ExpressibleByBooleanLiteral {
    case begins
    /// Goes on; refused where something that the run depends on has changed.
    case goesOn
    /// Goes on with what is there now, and tells what has changed.
    case acceptsChanges

    /// `true` goes on, and accepts no change.
    public init(booleanLiteral value: Bool) { self = value ? .goesOn : .begins }
}
