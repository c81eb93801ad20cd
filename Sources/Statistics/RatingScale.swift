/// The distinct ratings that occur, so that tables are indexed by rank instead of value.
struct RatingScale: Sendable, Hashable {
    /// In ascending order.
    let values: [Int]
    private let places: [Int: Int]

    init(_ ratings: some Sequence<Int>) {
        values = Set(ratings).sorted()
        places = Dictionary(
            values.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    var count: Int { values.count }

    /// The places of ratings on the scale; a rating that is not on it has none.
    func places(of ratings: some Sequence<Int>) -> [Int] {
        ratings.compactMap { places[$0] }
    }
}
