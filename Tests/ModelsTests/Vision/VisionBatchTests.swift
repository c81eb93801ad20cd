import Layers
import Models
import Records
import Testing
import Torch
import TorchTestSupport

/// Images among others, behind caches and before completions: always the same numbers.
struct VisionBatchTests {
    /// An image's features do not depend on what is encoded beside it, but for rounding.
    @Test(arguments: VisionFixture.all) func imagesDoNotSeeEachOther(name: String) throws {
        let fixture = try VisionFixture(name)
        let vision = try #require(try fixture.decoder().vision)
        let images = try fixture.images()
        let together = vision.features(images)
        for (image, features) in zip(images, together) {
            #expect(distance(vision.features([image])[0], features) < 1e-5)
        }
        let backwards = vision.features(images.reversed())
        for (one, other) in zip(backwards.reversed(), together) {
            #expect(distance(one, other) < 1e-5)
        }
        #expect(vision.features([]).isEmpty)
    }

    /// Images of unequal size in one call, for towers that take any.
    @Test(arguments: ["llava-registers", "llava-dinov2", "llava-clip"])
    func unequalSizes(name: String) throws {
        let fixture = try VisionFixture(name)
        let vision = try #require(try fixture.decoder().vision)
        let images = [(4, 4), (3, 5), (4, 4), (6, 2)].enumerated().map { index, size in
            VisionInput(
                pixels: Formula.uniform("\(index)", [3, size.0 * 4 + 1, size.1 * 4 + 3]),
                grid: ImageGrid(height: size.0, width: size.1))
        }
        for (image, features) in zip(images, vision.features(images)) {
            #expect(features.size(0) == vision.configuration.tokens(patches: image.grid).count)
            #expect(distance(vision.features([image])[0], features) < 1e-5)
        }
    }

    /// The tower and the projector apart are both together.
    @Test(arguments: VisionFixture.all) func towerAndProjectorApart(name: String) throws {
        let fixture = try VisionFixture(name)
        let vision = try #require(try fixture.decoder().vision)
        let images = try fixture.images()
        let kept = vision.towerFeatures(images)
        for (one, other) in zip(vision.projected(kept), vision.features(images)) {
            #expect(one.isIdentical(to: other))
        }
        #expect(!vision.isTowerTrainable)
        let adapted = try #require(try fixture.adaptedDecoder().vision)
        #expect(adapted.isTowerTrainable)
    }

    /// Text beside images has the bits it has alone; another image changes its own row, from its
    /// first token on, and nothing else.
    @Test(arguments: VisionFixture.all) func imagesChangeTheirOwnRows(name: String) throws {
        let fixture = try VisionFixture(name)
        let decoder = try fixture.decoder()
        let (batch, placed) = try fixture.batch(decoder)
        var images = try fixture.images()
        let before = try fixture.logits(decoder)
        let text = (batch.lengths[0]..<(batch.lengths[0] + batch.lengths[1]))
        let alone = decoder.logits(of: [Array(batch.tokens[text])])
        #expect(before.slice(0, text).isIdentical(to: alone))
        images[1].pixels = images[1].pixels * 0.5
        let after = try fixture.logits(decoder, images)
        let start = placed[1].start
        #expect(after.slice(0, 0..<start).isIdentical(to: before.slice(0, 0..<start)))
        for row in start..<batch.tokens.count {
            let rows = row..<(row + 1)
            #expect(distance(after.slice(0, rows), before.slice(0, rows)) > 0, "row \(row)")
        }
    }

    /// The ids at an image's rows may lie outside of the table, and are not looked at.
    @Test func idsOfImagesAreNotLookedAt() throws {
        let fixture = try VisionFixture("llava-clip")
        let decoder = try fixture.decoder()
        var (batch, placed) = try fixture.batch(decoder)
        let features = try #require(decoder.vision).features(try fixture.images())
        let rows = placed.imageRows(features)
        let before = decoder.hidden(batch, images: rows)
        for row in rows.rows { batch.tokens[row] = Int32(row % 3 == 0 ? -7 : 1_000_000) }
        #expect(decoder.hidden(batch, images: rows).isIdentical(to: before))
        let text = TokenBatch([[1, 2, 3]])
        let none = ImageRows(rows: [], features: .zeros([0, 32]))
        #expect(decoder.hidden(text, images: none).isIdentical(to: decoder.hidden(text)))
    }

    /// A row read in pieces through a cache: up to the image, the image and a word, word by word.
    @Test(arguments: VisionFixture.all) func throughACache(name: String) throws {
        let fixture = try VisionFixture(name)
        let decoder = try fixture.decoder()
        let (batch, placed) = try fixture.batch(decoder)
        let whole = try fixture.tensor("logits")
        let length = batch.lengths[0]
        let image = try #require(placed.first)
        let features = try #require(decoder.vision).features([try fixture.images()[0]])
        let cache = KeyValueCache(
            decoder.configuration, slots: 2, capacity: length, dtype: .float32, device: .cpu)
        let slot = CachedSequences(cache: cache, slots: [1])
        let cuts = [0, image.start, image.start + image.grid.count + 1]
        let pieces =
            zip(cuts, cuts.dropFirst()).map { $0..<$1 }
            + (cuts[2]..<length).map { $0..<($0 + 1) }
        for rows in pieces {
            var piece = TokenBatch(
                tokens: Array(batch.tokens[rows]), positions: Array(rows), lengths: [rows.count])
            piece.mropePositions = batch.mropePositions.map { $0.part(rows) }
            let isImage = rows.contains(image.start)
            let images = [PlacedImage(reference: image.reference, start: 0, grid: image.grid)]
            let logits = withInference {
                decoder.logits(
                    decoder.hidden(
                        piece, continuing: slot,
                        images: isImage ? images.imageRows(features) : nil))
            }
            #expect(distance(logits, whole.slice(0, rows)) <= 1e-4, "rows \(rows)")
        }
    }

    /// A prompt with an image computed once for two completions, against a copy of it for each.
    @Test(arguments: VisionFixture.all) func aPromptIsShared(name: String) throws {
        let fixture = try VisionFixture(name)
        let decoder = try fixture.decoder()
        let (batch, placed) = try fixture.batch(decoder)
        let image = try #require(placed.first)
        let vision = try #require(decoder.vision)
        let features = vision.features([try fixture.images()[0]])[0]
        let prompt = Array(batch.tokens[..<(image.start + image.grid.count + 1)])
        let completions: [[Int32]] = [[5, 9, 2], [7]]
        let shared = states(decoder, [prompt] + completions, [-1, 0, 0], [image], [features])
        let copies = completions.map { prompt + $0 }
        let second = image.moved(by: copies[0].count)
        let whole = states(decoder, copies, [-1, -1], [image, second], [features, features])
        let (start, length) = (prompt.count, prompt.count + 3)
        let expected = Tensor.cat([
            whole.slice(0, start..<length), whole.slice(0, (length + start)..<(length + start + 1)),
        ])
        #expect(shared.slice(0, start..<(start + 4)).isIdentical(to: expected))
    }

    private func states(
        _ decoder: Decoder, _ sequences: [[Int32]], _ prefixes: [Int], _ images: [PlacedImage],
        _ features: [Tensor]
    ) -> Tensor {
        let positions = zip(sequences, prefixes).flatMap { tokens, prefix in
            let past = prefix < 0 ? 0 : sequences[prefix].count
            return Array(past..<(past + tokens.count))
        }
        var batch = TokenBatch(
            tokens: sequences.flatMap { $0 }, positions: positions, lengths: sequences.map(\.count),
            prefixes: prefixes)
        if decoder.configuration.multimodalSections != nil {
            batch.mropePositions = MRoPEPositions(
                lengths: batch.lengths, prefixes: prefixes, positions: positions, images: images)
        }
        return decoder.hidden(batch, images: images.imageRows(features))
    }
}

extension MRoPEPositions {
    /// The positions of some rows.
    fileprivate func part(_ rows: Range<Int>) -> MRoPEPositions {
        var part = MRoPEPositions(plain: Array(time[rows]), next: next)
        part.height = Array(height[rows])
        part.width = Array(width[rows])
        return part
    }
}
