import Foundation
import Records
import TestSupport
import Testing

@testable import Images

/// What devices write beside the usual, beside pydicom (`Scripts/reference/dicom_situations.py`).
struct DicomSituationTests {
    static let folder = TestFiles.fixtures.appending(path: "dicom-situations")

    /// For each file the pixels of each frame; nil where it has to be refused.
    private func expected() throws -> [String: [String]?] {
        try JSONDecoder().decode(
            [String: [String]?].self,
            from: Data(contentsOf: Self.folder.appending(path: "expected.json")))
    }

    private func path(_ name: String) -> String { Self.folder.appending(path: "\(name).dcm").path }

    @Test func pixelsAreWithinOneLevelOfPydicom() throws {
        let all = try expected()
        #expect(all.count == 37)
        for (name, frames) in all {
            for (index, text) in (frames ?? []).enumerated() {
                let pixels = [UInt8](try #require(Data(base64Encoded: text)))
                let image = try ImageFile.read(ImageReference(path: path(name), frame: index))
                // Grey stands once there.
                let step = image.pixels.count / pixels.count
                #expect(image.pixels.count == pixels.count * step && (step == 1 || step == 3))
                let shown = stride(from: 0, to: image.pixels.count, by: step).map {
                    image.pixels[$0]
                }
                let apart = zip(shown, pixels).map { abs(Int($0) - Int($1)) }.max()
                #expect(apart ?? 255 <= 1, "\(name), frame \(index)")
            }
        }
    }

    @Test(arguments: [
        ("slope-0", ImageProblem.corrupt("a Rescale Slope of 0")),
        ("comma", .corrupt("Window Center is no decimal number")),
        ("width-0", .corrupt("a window 0.000000 wide")),
        (
            "function",
            .unsupported("a VOI LUT Function other than LINEAR, LINEAR_EXACT and SIGMOID")
        ),
        ("short", .truncated("pixel data of 384 bytes; the header speaks of 416")),
    ])
    func whatCannotBeShownIsRefusedByName(name: String, problem: ImageProblem) throws {
        #expect(try #require(expected()[name]) == nil)
        #expect(throws: ImageError(file: path(name), problem: problem)) {
            try ImageFile.read(ImageReference(path: path(name)))
        }
    }

    /// A window of the record's own needs none of the file's.
    @Test func anotherWindowShowsAFileWhoseOwnIsWrong() throws {
        let shown = try ImageFile.show(
            path("comma"), .window(ImageWindow(center: 100, width: 50)))
        #expect(shown.dicom?.voi?.source == "the caller")
        #expect(Set(shown.image.pixels).count > 2)
    }

    @Test func factsSayWhatIsShownAndWhy() throws {
        func facts(_ name: String, frame: Int = 0) throws -> DicomFacts {
            try #require(ImageFile.show(path(name), frame: frame).dicom)
        }
        let groups = try facts("groups-sigmoid", frame: 1)
        #expect(groups.voi?.kind == "SIGMOID" && groups.voi?.center == 700)
        #expect(groups.voi?.source == "the frame's functional group")
        #expect(groups.modalityTransformation?.source == "the shared functional group")
        let both = try facts("voi-lut-and-window")
        #expect(both.voi?.kind == "table" && both.ignored == ["a window beside the VOI LUT"])
        let padding = try facts("padding")
        #expect(padding.voi?.kind == "range")
        #expect(padding.voi?.low == -160 && padding.voi?.high == 555)
        #expect(try facts("modality-lut").modalityTransformation?.kind == "table")
        #expect(try facts("palette-16").voi == nil)
        #expect(try facts("no-frames").ignored.count == 1)
    }

    /// A 16-bit image without a window: 20 values of 65536 apart stay apart only in its own range.
    @Test func allValuesAreTheStoredBits() throws {
        let all = try ImageFile.show(path("no-frames"), .all)
        #expect(all.dicom?.voi?.low == 0 && all.dicom?.voi?.high == 65_535)
        #expect(all.image.pixels.max() == 15)
        let shown = try ImageFile.show(path("no-frames"))
        #expect(shown.image.pixels.max() == 255)
    }
}
