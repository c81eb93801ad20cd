import Models
import Records
import Testing

struct SpatialPositionsTests {
    private func image(_ start: Int, _ grid: ImageGrid) -> PlacedImage {
        PlacedImage(reference: ImageReference(path: "x"), start: start, grid: grid)
    }

    /// Two words, an image of 2 rows and 3 columns, two words.
    ///
    ///     row     0 1 | 2 3 4 5 6 7 | 8 9
    ///     time    0 1 | 2 2 2 2 2 2 | 5 6      3 columns: the text goes on at 2 + 3
    ///     height  0 1 | 2 2 2 3 3 3 | 5 6
    ///     width   0 1 | 2 3 4 2 3 4 | 5 6
    @Test func anImageBetweenWords() {
        let positions = MRoPEPositions(
            lengths: [10], prefixes: [-1], positions: Array(0..<10),
            images: [image(2, ImageGrid(height: 2, width: 3))])
        #expect(positions.time == [0, 1, 2, 2, 2, 2, 2, 2, 5, 6])
        #expect(positions.height == [0, 1, 2, 2, 2, 3, 3, 3, 5, 6])
        #expect(positions.width == [0, 1, 2, 3, 4, 2, 3, 4, 5, 6])
        #expect(positions.next == [7])
    }

    @Test func textAlone() {
        let positions = MRoPEPositions(
            lengths: [3, 2], prefixes: [-1, -1], positions: [0, 1, 2, 0, 1], images: [])
        #expect(positions == MRoPEPositions(plain: [0, 1, 2, 0, 1], next: [3, 2]))
    }

    /// Frames count on the axis of time: 2 frames of 1 x 2 behind one word.
    @Test func frames() {
        let positions = MRoPEPositions(
            lengths: [6], prefixes: [-1], positions: Array(0..<6),
            images: [image(1, ImageGrid(time: 2, height: 1, width: 2))])
        #expect(positions.time == [0, 1, 1, 2, 2, 3])
        #expect(positions.height == [0, 1, 1, 1, 1, 3])
        #expect(positions.width == [0, 1, 2, 1, 2, 3])
        #expect(positions.next == [4])
    }

    /// A prompt of one word and a 2 x 2 image goes on at 1 + 2; each completion begins there.
    @Test func completionsOfAPrompt() {
        let positions = MRoPEPositions(
            lengths: [5, 2, 1], prefixes: [-1, 0, 0], positions: [0, 1, 2, 3, 4, 5, 6, 5],
            images: [image(1, ImageGrid(height: 2, width: 2))])
        #expect(positions.time == [0, 1, 1, 1, 1, 3, 4, 3])
        #expect(positions.next == [3, 5, 4])
    }

    /// In one piece a prompt and its completion stand where they stand apart.
    @Test func completionsAreWhereTheyAreInOnePiece() {
        let images = [
            image(3, ImageGrid(height: 3, width: 2)), image(11, ImageGrid(height: 1, width: 4)),
        ]
        let whole = MRoPEPositions(
            lengths: [20], prefixes: [-1], positions: Array(0..<20), images: images)
        let apart = MRoPEPositions(
            lengths: [16, 4], prefixes: [-1, 0], positions: Array(0..<20), images: images)
        #expect(whole.time == apart.time && whole.height == apart.height)
        #expect(whole.width == apart.width)
        #expect(apart.next == [apart.time[15] + 1, whole.next[0]])
    }

    @Test func aCacheGoesOn() {
        let positions = MRoPEPositions(continuing: [7, 3], lengths: [2, 1])
        #expect(positions == MRoPEPositions(plain: [7, 8, 3], next: [9, 4]))
    }

    @Test(arguments: VisionFixture.qwen) func areThoseOfTransformers(name: String) throws {
        let fixture = try VisionFixture(name)
        let (batch, _) = try fixture.batch(try fixture.decoder())
        let mropePositions = try #require(batch.mropePositions)
        let expected = try fixture.tensor("positions")
        let axes = (0..<3).map { expected.select(0, $0).values(Int64.self).map(Int.init) }
        #expect(axes == [mropePositions.time, mropePositions.height, mropePositions.width])
        let deltas = try fixture.tensor("deltas").values(Int64.self).map(Int.init)
        #expect(deltas == zip(mropePositions.next, batch.lengths).map { $0 - $1 })
    }
}
