import Foundation
import Records
import TestSupport
import Testing

@testable import Images

/// The process that reads DICOM files.
struct DicomWorkerTests {
    private let program = (Bundle.main.executableURL ?? URL(filePath: "/"))
        .resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "dicom-worker")

    private func read(_ worker: DicomWorker, _ bytes: [UInt8]) throws(ImageProblem) -> RGBImage {
        let file = try OpenFile(holding: bytes)
        return try DicomReader(.standard, worker: worker)
            .render(file, frame: 0, showing: .asTheFileAsks).image
    }

    private func problem(_ worker: DicomWorker, _ bytes: [UInt8]) -> ImageProblem? {
        do throws(ImageProblem) {
            _ = try read(worker, bytes)
            return nil
        } catch {
            return error
        }
    }

    /// Sequences within sequences until the stack is full.
    private var deadly: [UInt8] {
        let sequence: [UInt8] = [0x08, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
        let item: [UInt8] = [0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]
        return Array(TinyDicom(values: [1]).bytes[..<160])
            + (0..<100_000).flatMap { _ in sequence + item }
    }

    @Test func aCrashIsAnErrorOfOneFile() throws {
        let worker = DicomWorker(program: program)
        let sound = try ExpectedFrames.bytes("signed.dcm")
        let before = try read(worker, sound)
        #expect(problem(worker, deadly) == .reader("reading it ended the reader (signal 11)"))
        #expect(try read(worker, sound) == before)
    }

    #if os(Linux)
        @Test func theProcessMayOnlyCompute() throws {
            #expect(try DicomWorker(program: program).isConfined())
        }
    #endif

    /// 8000 x 8000 values do not fit into what a process of 200 MiB has left.
    @Test func memoryHasALimit() throws {
        let worker = DicomWorker(program: program, limits: .init(memory: 200 << 20))
        let image = TinyDicom(values: [Int](repeating: 7, count: 32_000))
        #expect(problem(worker, image.bytes) == nil)
        let large = try OpenFile(holding: [UInt8](repeating: 0, count: 300 << 20))
        #expect(throws: ImageProblem.outOfMemory) {
            try DicomReader(.standard, worker: worker)
                .render(large, frame: 0, showing: .asTheFileAsks)
        }
        #expect(problem(worker, image.bytes) == nil)
    }

    @Test func aProcessThatSaysNothingIsNotWaitedForLong() throws {
        let sleeper = DicomWorker(
            program: URL(filePath: "/bin/sleep"), limits: .init(memory: 60, patience: 1))
        let sound = try ExpectedFrames.bytes("signed.dcm")
        #expect(problem(sleeper, sound) == .reader("sleep did not answer within 1 s"))
        let mute = DicomWorker(program: URL(filePath: "/bin/true"))
        #expect(problem(mute, sound) == .reader("true ended at once"))
        let nowhere = DicomWorker(program: URL(filePath: "/nowhere/dicom-worker"))
        #expect(problem(nowhere, sound)?.kind == "reader")
    }

    @Test func requestsFromManyThreadsAreServed() async throws {
        let worker = DicomWorker(program: program)
        let sound = try ExpectedFrames.bytes("signed.dcm")
        let first = try read(worker, sound)
        let dead = deadly
        await withTaskGroup(of: Bool.self) { group in
            for index in 0..<40 {
                group.addTask {
                    index % 8 == 3
                        ? problem(worker, dead)?.kind == "reader"
                        : (try? read(worker, sound)) == first
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}
