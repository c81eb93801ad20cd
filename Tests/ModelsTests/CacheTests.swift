import Models
import Testing
import Torch
import TorchTestSupport

struct CacheTests {
    private let fixture: ModelFixture
    private let decoder: Decoder

    init() throws {
        fixture = try ModelFixture("tiny-llama-untied")
        decoder = try fixture.decoder()
    }

    private func cache(_ slots: Int, _ capacity: Int = 40) -> KeyValueCache {
        KeyValueCache(
            decoder.configuration,
            slots: slots,
            capacity: capacity,
            dtype: .float32,
            device: .cpu
        )
    }

    /// Continues slots with pieces of their sequences.
    private func feed(_ pieces: [ArraySlice<Int32>], _ cache: KeyValueCache, slots: [Int]) -> Tensor
    {
        let batch = TokenBatch(
            tokens: pieces.flatMap { $0 },
            positions: pieces.flatMap { Array($0.indices) },
            lengths: pieces.map(\.count)
        )
        return withInference {
            decoder.logits(
                decoder.hidden(batch, continuing: CachedSequences(cache: cache, slots: slots))
            )
        }
    }

    /// A sequence in pieces gives the logits that it gives as a whole.
    @Test(arguments: [[24], [23, 1], [1, 23], [10, 4, 3, 2, 5], Array(repeating: 1, count: 24)])
    func piecesAreTheWhole(lengths: [Int]) throws {
        let row = try fixture.sequences("tokens")[0]
        let cache = cache(1)
        var (start, pieces) = (0, [Tensor]())
        for length in lengths {
            pieces.append(feed([row[start..<(start + length)]], cache, slots: [0]))
            start += length
            #expect(cache.counts == [start])
        }
        #expect(distance(.cat(pieces), decoder.logits(of: [row])) < 1e-5)
    }

    @Test func slotsAreIndependent() throws {
        let rows = try fixture.sequences("tokens")
        let cache = cache(3)
        _ = feed([rows[0][..<9], rows[1][..<2]], cache, slots: [2, 0])
        #expect(cache.counts == [2, 0, 9])
        let logits = feed([rows[1][2...], rows[0][9..<10]], cache, slots: [0, 2])
        #expect(cache.counts == [24, 0, 10])
        let expected = [
            decoder.logits(of: [rows[1]]).slice(0, 2..<24),
            decoder.logits(of: [Array(rows[0][..<10])]).slice(0, 9..<10),
        ]
        #expect(distance(logits, .cat(expected)) < 1e-5)
    }

    @Test func copiesShareAPrompt() throws {
        let rows = try fixture.sequences("tokens")
        let cache = cache(3)
        _ = feed([rows[0][..<9]], cache, slots: [1])
        cache.copy(from: 1, to: [0, 1, 2])
        #expect(cache.counts == [9, 9, 9])
        // Each goes on by itself.
        let tails = [rows[0][9..<12], rows[1][9..<14], rows[0][9..<10]]
        let logits = feed(tails, cache, slots: [0, 1, 2]).split([3, 5, 1], dim: 0)
        for (tail, found) in zip(tails, logits) {
            let whole = decoder.logits(of: [Array(rows[0][..<9]) + Array(tail)])
            #expect(distance(found, whole.slice(0, 9..<whole.size(0))) < 1e-5)
        }
    }

    /// More slots and longer ones, in the middle of two sequences.
    @Test func aCacheGrowsBehindItsSequences() throws {
        let rows = try fixture.sequences("tokens")
        let cache = cache(2, 9)
        _ = feed([rows[0][..<9], rows[1][..<4]], cache, slots: [1, 0])
        cache.grow(slots: 3, capacity: 24)
        #expect(cache.counts == [4, 9, 0] && cache.capacity == 24)
        let logits = feed([rows[0][9...], rows[1][4..<6]], cache, slots: [1, 0])
        let expected = [
            decoder.logits(of: [rows[0]]).slice(0, 9..<24),
            decoder.logits(of: [Array(rows[1][..<6])]).slice(0, 4..<6),
        ]
        #expect(distance(logits, .cat(expected)) < 1e-5)
    }

    @Test func clearedSlotsStartAnew() throws {
        let rows = try fixture.sequences("tokens")
        let cache = cache(2)
        _ = feed([rows[0][...], rows[0][..<3]], cache, slots: [0, 1])
        cache.clear(0)
        #expect(cache.counts == [0, 3])
        let logits = feed([rows[1][..<5]], cache, slots: [0])
        #expect(distance(logits, decoder.logits(of: [Array(rows[1][..<5])])) < 1e-5)
    }
}
