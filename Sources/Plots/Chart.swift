/// A picture that can be drawn as SVG for a given width.
public protocol Chart: Sendable {
    /// The chart as one `<svg>` element, laid out for `width` points and scaling with its box.
    ///
    /// Its colours follow the reader's light or dark preference, its title and description are
    /// there for screen readers, and it refers to nothing outside itself.
    func svg(width: Int) -> String
}

extension Chart {
    /// The chart at the width of a report's page.
    public func svg() -> String { svg(width: 784) }
}
