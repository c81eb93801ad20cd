/// A folder or program that a recipe names besides its model and its data, and what errors call it.
public enum RunSource: Sendable, Hashable {
    /// An adapter's folder; empty where the recipe names none.
    case adapter(String, folder: String)
    /// A program with its arguments.
    case program(String, command: [String])

    package var name: String {
        switch self {
        case .adapter(let name, _), .program(let name, _): name
        }
    }
}
