import Datasets
import Records
import Testing

@Suite("Images of packed batches")
struct ImageBatchTests {
    /// Records of other lengths, with none, one and two images; each image's tokens carry its own
    /// id, so that rows tell which image stands there.
    private static let examples: [TokenizedExample] = [
        example("x", [1, 50, 50, 2], [placed("p", 1, 2)]),
        example("y", [3, 4], []),
        example("z", [60, 5, 61, 61, 61, 6], [placed("q", 0, 1), placed("r", 2, 3)]),
        example("w", [70, 70, 70, 70, 7], [placed("s", 0, 4)]),
    ]

    private static func placed(_ path: String, _ start: Int, _ width: Int) -> PlacedImage {
        PlacedImage(
            reference: image(path), start: start, grid: ImageGrid(height: 1, width: width))
    }

    private static func example(
        _ id: String, _ ids: [Int32], _ images: [PlacedImage]
    ) -> TokenizedExample {
        TokenizedExample(
            id: id, line: 1, identity: 0, tokenIDs: ids, labels: ids.map { $0 < 10 }, images: images
        )
    }

    private static let ids: [String: Int32] = ["p": 50, "q": 60, "r": 61, "s": 70]

    @Test("rows count through the batch")
    func byHand() {
        let batch = PackedBatch(Self.examples)
        // Rows 0...3 are x, 4...5 y, 6...11 z, 12...16 w.
        #expect(batch.images.map(\.start) == [1, 6, 8, 12])
        #expect(batch.images.map(\.reference.path) == ["p", "q", "r", "s"])
    }

    @Test("whatever the order of the records, each row has the image of its own record")
    func permutations() {
        for order in permutations(of: Array(Self.examples.indices)) {
            let batch = PackedBatch(order.map { Self.examples[$0] })
            var rows: [Int: String] = [:]
            for image in batch.images {
                let own = image.start..<(image.start + image.grid.count)
                for row in own { rows[row] = image.reference.path }
            }
            for (row, id) in batch.tokenIDs.enumerated() {
                #expect(rows[row].flatMap { Self.ids[$0] } == (id >= 50 ? id : nil))
            }
            #expect(batch.images.map(\.start) == batch.images.map(\.start).sorted())
        }
    }

    @Test("the images of a prompt stand once, whatever its completions")
    func groups() {
        let first = PromptGroup(
            prompt: [1, 50, 50], completions: [[8], [9, 9]], id: "x",
            images: [Self.placed("p", 1, 2)])
        let second = PromptGroup(prompt: [2], completions: [[8, 8, 8]], id: "y")
        let third = PromptGroup(
            prompt: [70, 70, 70, 70], completions: [[8]], id: "z",
            images: [Self.placed("s", 0, 4)])
        let batch = PackedBatch(groups: [first, second, third])
        // 3 + 1 + 2 rows of the first group, 1 + 3 of the second.
        #expect(batch.images.map(\.start) == [1, 10])
        let turned = PackedBatch(groups: [third, first, second])
        #expect(turned.images.map(\.start) == [0, 6])
        #expect(turned.images.map(\.reference.path) == ["s", "p"])
        #expect(turned.tokenIDs[6..<8] == [50, 50])
    }

    private func permutations(of items: [Int]) -> [[Int]] {
        guard items.count > 1 else { return [items] }
        return items.flatMap { item in
            permutations(of: items.filter { $0 != item }).map { [item] + $0 }
        }
    }
}
