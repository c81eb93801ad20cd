import Records

/// The order in which a tower of Qwen2.5-VL visits the tokens of one image: window by window
/// (`get_vision_window_index`), windows of one size beside each other.
///
/// A window sees nothing outside itself, and attention over the whole image is the same in any
/// order, so only the way back matters.
struct PatchOrder {
    /// For each place, the token that goes there.
    let tokens: [Int]
    /// Tokens of each window.
    let windows: [Int]

    /// - Parameters:
    ///   - grid: of tokens.
    ///   - side: of a window, in tokens.
    init(_ grid: ImageGrid, windowSide side: Int) {
        var windows: [[Int]] = []
        for time in 0..<grid.time {
            for top in stride(from: 0, to: grid.height, by: side) {
                for left in stride(from: 0, to: grid.width, by: side) {
                    let rows = top..<min(top + side, grid.height)
                    let columns = left..<min(left + side, grid.width)
                    windows.append(
                        rows.flatMap { row in
                            columns.map { (time * grid.height + row) * grid.width + $0 }
                        })
                }
            }
        }
        let sorted = windows.enumerated().sorted {
            ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
        }
        tokens = sorted.flatMap(\.element)
        self.windows = sorted.map(\.element.count)
    }

    /// For each token, the place where it stands.
    var places: [Int] {
        var places = Array(repeating: 0, count: tokens.count)
        for (place, token) in tokens.enumerated() { places[token] = place }
        return places
    }
}
