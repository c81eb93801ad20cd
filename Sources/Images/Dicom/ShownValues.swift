import Records

/// Which grey values of a DICOM frame are spread from black to white.
package enum ShownValues: Sendable, Hashable {
    /// The file's first window or VOI LUT; without one, from the least to the greatest value.
    case asTheFileAsks
    case window(ImageWindow)
    /// Everything that the stored bits can hold.
    case all

    /// A record's window, or the file's.
    init(_ window: ImageWindow?) { self = window.map(ShownValues.window) ?? .asTheFileAsks }

    /// Lines of a request.
    var settings: [String] {
        switch self {
        case .asTheFileAsks: []
        case .window(let window): ["center \(window.center)", "width \(window.width)"]
        case .all: ["full 1"]
        }
    }
}
