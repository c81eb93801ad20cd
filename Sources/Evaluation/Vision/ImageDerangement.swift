import Randomness
import Records

/// Gives every question another image than its own: what a model has right now, it does not have
/// from looking at what it is asked about.
///
/// Images of equal content count as one. These are put into a cycle of random order (Sattolo's
/// algorithm), so that none stays where it was and each stands in for one other. The cycle runs
/// over all images of a file, of whatever modality.
public struct ImageDerangement: Sendable {
    private let replacements: [ImageReference: ImageReference]

    /// - Parameters:
    ///   - images: the images of all questions; an image may stand in the list more than once.
    ///   - content: what tells equal images, as a hash of their bytes.
    /// - Returns: nil when all images are equal: there is no other one.
    public init?<Content: Hashable>(
        _ images: [ImageReference], seed: UInt64, content: (ImageReference) -> Content
    ) {
        var (places, first): ([Content: Int], [ImageReference]) = ([:], [])
        var owners: [(image: ImageReference, place: Int)] = []
        var seen: Set<ImageReference> = []
        for image in images where seen.insert(image).inserted {
            let key = content(image)
            if places[key] == nil {
                places[key] = first.count
                first.append(image)
            }
            owners.append((image, places[key] ?? 0))
        }
        guard first.count > 1 else { return nil }
        let cycle = Self.cycle(first.count, seed: seed)
        replacements = Dictionary(
            owners.map { ($0.image, first[cycle[$0.place]]) }, uniquingKeysWith: { old, _ in old })
    }

    /// Images that differ in their references alone.
    public init?(_ images: [ImageReference], seed: UInt64) {
        self.init(images, seed: seed) { $0 }
    }

    /// The image to show in this one's place; one that was not in the list is itself.
    public func callAsFunction(_ image: ImageReference) -> ImageReference {
        replacements[image] ?? image
    }

    /// A random permutation of one cycle: Sattolo, "An algorithm to generate a random cyclic
    /// permutation" (1986).
    private static func cycle(_ count: Int, seed: UInt64) -> [Int] {
        var stream = RandomStream(seed: seed)
        var order = Array(0..<count)
        for place in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(place, stream.next(below: place))
        }
        return order
    }
}
