import Records

/// An image as a vision tower takes it.
package struct PixelValues: Sendable, Hashable {
    package var values: [Float]
    /// [3, H, W], or [patches, 3 x frames x side x side].
    package var shape: [Int]
    /// In patches, before any are merged.
    package var grid: ImageGrid

    package init(values: [Float], shape: [Int], grid: ImageGrid) {
        self.values = values
        self.shape = shape
        self.grid = grid
    }
}
