import Records
import Testing

@testable import Images

struct ResamplerTests {
    @Test func sizesAreThoseOfPillowToTheBit() throws {
        let expected = try Expected.load()
        #expect(expected.resizes.count == 72)
        for resize in expected.resizes {
            let image = try ImageFile.read(ImageReference(path: Expected.path(resize.file)))
            let filter = try #require(ResampleFilter(rawValue: resize.filter))
            let size = ImageSize(width: resize.size[0], height: resize.size[1])
            let result = Resampler.resize(image, to: size, filter: filter)
            #expect(result.size == size)
            #expect(
                CRC32.of(result.pixels) == resize.crc, "\(resize.file) to \(size), \(filter)")
        }
    }

    /// What is computed of a part is the part of what is computed of the whole.
    @Test(arguments: [ResampleFilter.bilinear, .bicubic])
    func partsAreThoseOfTheWhole(filter: ResampleFilter) throws {
        let image = try ImageFile.read(ImageReference(path: Expected.path("colour.png")))
        for size in [(50, 90), (61, 30), (100, 47), (61, 47), (9, 8), (60, 12), (200, 9)] {
            let size = ImageSize(width: size.0, height: size.1)
            let whole = Resampler.resize(image, to: size, filter: filter)
            let (columns, rows) = (size.width / 4..<size.width / 2, size.height / 3..<size.height)
            let part = Resampler.resize(image, to: size, filter: filter, part: (columns, rows))
            #expect(part.pixels == Resampler.crop(whole, columns, rows), "\(size)")
        }
    }

    /// Three pixels to two, bilinear: scale 1.5, centres at 0.75 and 2.25, weights 1 - |d| / 1.5
    /// of pixel centres 0.5, 1.5, 2.5. First: d = 0.25, 0.75, (1.75 >= 1.5): 5/6, 1/2, and the
    /// window int(0.75 + 1.5 + 0.5) = 2 ends before the third; normalised 5/8, 3/8. Second,
    /// mirrored: from int(2.25 - 1.5 + 0.5) = 1: 3/8, 5/8.
    @Test func weightsByHand() {
        let weights = ResampleWeights(input: 3, output: 2, filter: .bilinear, range: 0..<2)
        #expect(weights.starts == [0, 1])
        for (row, hand) in zip(weights.weights, [[0.625, 0.375], [0.375, 0.625]]) {
            for (weight, value) in zip(row, hand) { #expect(abs(weight - value) < 1e-15) }
        }
        // 0.625 x 2^22 and 0.375 x 2^22.
        #expect(weights.fixed == [[2_621_440, 1_572_864], [1_572_864, 2_621_440]])
    }

    @Test func weightsSumToOne() {
        for (input, output) in [(1, 7), (5, 3), (1000, 1), (64, 336), (300, 299)] {
            for filter in [ResampleFilter.bilinear, .bicubic] {
                let weights = ResampleWeights(
                    input: input, output: output, filter: filter, range: 0..<output)
                for row in weights.weights { #expect(abs(row.reduce(0, +) - 1) < 1e-12) }
            }
        }
    }
}
