import Records

extension VisionConfiguration {
    /// The tokens that an image of these patches takes, as they lie. Where rows other than patches
    /// are among them, or a patch is missing, they are one row.
    public func tokens(patches: ImageGrid) -> ImageGrid {
        switch tower {
        case .qwen(let tower):
            return ImageGrid(
                time: patches.time, height: patches.height / tower.mergeSize,
                width: patches.width / tower.mergeSize)
        case .transformer(let tower):
            let count = tower.leadingRows + patches.count - droppedRows
            return count == patches.count && tower.leadingRows == droppedRows
                ? patches : ImageGrid(height: 1, width: count)
        }
    }

    /// Which of an image's tokens are patches, row by row of the image.
    ///
    /// - Parameter patches: the image's grid, in patches.
    public func patchRows(patches: ImageGrid) -> Range<Int> {
        let count = tokens(patches: patches).count
        guard case .transformer(let tower) = tower else { return 0..<count }
        return max(0, tower.leadingRows - droppedRows)..<count
    }
}
