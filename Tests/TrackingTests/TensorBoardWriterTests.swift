import Foundation
import TestSupport
import Testing
import Tracking

struct TensorBoardWriterTests {
    // The fixture was written by TensorBoard's own encoder, see
    // Scripts/reference/tensorboard_events.py, which also reads our files back.
    @Test func bytesAreThoseOfTensorBoard() throws {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let time = 1_700_000_000.25
        let writer = try TensorBoardWriter(folder: folder, restart: 3, time: time)
        let values = ["loss": 1.1, "peak_memory_bytes": 2_147_483_648]
        try writer.append(MetricsRow(step: 3, epoch: 0.1, time: time + 1, values: values))
        let odd = ["eval_loss": Double.infinity]
        try writer.append(MetricsRow(step: 300, epoch: 1, time: time + 2, values: odd))
        try writer.append(text: "model: **smollm2** – é", tag: "recipe", step: 0, time: time + 3)
        try writer.synchronize()
        let expected = TestFiles.fixtures.appending(path: "tracking/events.tfevents")
        #expect(try Data(contentsOf: writer.url) == Data(contentsOf: expected))
    }

    @Test func filesOfOneSecondDiffer() throws {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let names = try (0..<3).map { _ in
            try TensorBoardWriter(folder: folder, time: 1_700_000_000.9).url.lastPathComponent
        }
        let base = "events.out.tfevents.1700000000.preceptor"
        #expect(names == [base, "\(base).1", "\(base).2"])
    }

    @Test func aMissingFolderIsAnErrorThatNamesIt() throws {
        let folder = URL(filePath: "/nonexistent-folder")
        #expect {
            try TensorBoardWriter(folder: folder)
        } throws: { error in
            "\(error)".hasPrefix("/nonexistent-folder/events.out")
                && "\(error)".contains(": cannot open: ")
        }
    }
}
