/// Products that may not overflow.
enum ShapeProduct {
    /// The product of sizes, or nil where one of the partial products does not fit into `Int`.
    static func of(_ sizes: [Int]) -> Int? {
        var product = 1
        for size in sizes {
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            guard !overflow else { return nil }
            product = next
        }
        return product
    }
}
