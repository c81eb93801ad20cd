import FileFormats
import Torch

/// The weights of a Hugging Face folder under the names that transformers gives them today.
public struct RenamedWeights: WeightSource {
    private typealias Place = (stored: String, share: WeightNames.Share?)

    private let weights: SafetensorsWeights
    private let places: [String: Place]

    /// - Throws: ``FormatError`` when two tensors of the folder are called the same today.
    public init(_ weights: SafetensorsWeights, _ names: WeightNames) throws(FormatError) {
        var places: [String: Place] = [:]
        for stored in weights.names {
            for (name, share) in names.contents(of: stored) {
                if let other = places[name] {
                    throw FormatError(
                        file: weights.origin, item: stored,
                        reason: "'\(other.stored)' is the same tensor under another name")
                }
                places[name] = (stored, share)
            }
        }
        self.weights = weights
        self.places = places
    }

    public var origin: String { weights.origin }

    /// All names, sorted.
    public var names: [String] { places.keys.sorted() }

    public func shape(of name: String) -> [Int]? {
        guard let place = places[name], var shape = weights.shape(of: place.stored) else {
            return nil
        }
        guard let share = place.share else { return shape }
        guard let rows = shape.first, rows % share.count == 0 else { return nil }
        shape[0] = rows / share.count
        return shape
    }

    /// The dtype a tensor is stored in.
    ///
    /// - Throws: ``FormatError`` when there is none of that name.
    public func dtype(of name: String) throws(FormatError) -> DType {
        try weights.dtype(of: places[name]?.stored ?? name)
    }

    public func tensor(_ name: String, as dtype: DType) throws(FormatError) -> Tensor {
        let (stored, rows) = try place(name)
        let whole = try weights.tensor(stored, as: dtype)
        return rows.map { whole.slice(0, $0).contiguous() } ?? whole
    }

    public func copy(_ name: String, into destination: Tensor) throws(FormatError) {
        let (stored, rows) = try place(name)
        try weights.copy(stored, rows: rows, into: destination)
    }

    /// The tensor of the file, and which of its rows; nil for all.
    private func place(
        _ name: String
    ) throws(FormatError) -> (stored: String, rows: Range<Int>?) {
        guard let place = places[name] else {
            throw FormatError(file: origin, item: name, reason: "there is no such tensor")
        }
        guard let share = place.share, let rows = shape(of: name)?.first else {
            return (place.stored, nil)
        }
        return (place.stored, (share.index * rows)..<((share.index + 1) * rows))
    }
}
