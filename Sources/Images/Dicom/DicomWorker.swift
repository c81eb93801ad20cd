import CImages
import Crypto
import Foundation
import Synchronization

/// Reads DICOM files in a process of its own, `dicom-worker`, which may compute and nothing else.
///
/// One process serves this one; it is started at first use. What a damaged file does to the
/// libraries in it, a crash or an endless loop, is an error of that file: the next request starts
/// another. Requests are served one at a time.
package final class DicomWorker: Sendable {
    /// Beside this program.
    package static let shared = DicomWorker(
        program: (Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0]))
            .resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "dicom-worker"))

    /// What a process may take.
    package struct Limits: Sendable {
        /// Bytes of address space.
        package var memory: UInt64 = 6 << 30
        /// Of the processor's time, for one file.
        package var seconds = 60
        /// That somebody waits for one file, on a machine that is busy otherwise.
        package var patience = 240

        package init(memory: UInt64 = 6 << 30, seconds: Int = 60, patience: Int = 240) {
            (self.memory, self.seconds, self.patience) = (memory, seconds, patience)
        }
    }

    private let program: URL
    private let limits: Limits
    private let running = Mutex<Process?>(nil)

    package init(program: URL, limits: Limits = Limits()) {
        self.program = program
        self.limits = limits
    }

    deinit {
        running.withLock { process in
            if let process { ci_worker_end(process.socket, process.number) }
        }
    }

    struct Process {
        let socket: Int32
        let number: Int32
        /// Whether the system keeps it from opening files and sockets.
        let isConfined: Bool
    }

    /// What is asked for; the numbers are `dicom-worker`'s.
    enum Kind: UInt32 {
        case render = 1
        case describe = 2
        case deidentify = 3
    }

    struct Reply {
        var code: UInt32
        var text: [UInt8]
        var bytes: [UInt8]
    }

    /// Whether the process runs under a filter of system calls; starts it where it is not there.
    ///
    /// - Throws: `.reader` where it cannot be started.
    package func isConfined() throws(ImageProblem) -> Bool {
        try exclusively { process throws(ImageProblem) in try start(&process).isConfined }
    }

    /// Of the program's own bytes, which say what its answers are worth.
    ///
    /// - Throws: `.missing` and whatever else is wrong with the file.
    func digest() throws(ImageError) -> SHA256.Digest {
        try ImageProblem.named(program.path) { () throws(ImageProblem) in
            try OpenFile(program.path, limits: .unbounded).digest()
        }
    }

    /// - Throws: `.reader` where the process cannot be started, ended or took too long.
    func ask(
        _ kind: Kind, _ settings: [String], of file: borrowing OpenFile
    ) throws(ImageProblem) -> Reply {
        let descriptor = file.descriptor
        return try exclusively { process throws(ImageProblem) in
            try exchange(kind, settings, descriptor, &process)
        }
    }

    /// A lock that passes typed errors on.
    private func exclusively<Value: Sendable>(
        _ body: (inout Process?) throws(ImageProblem) -> Value
    ) throws(ImageProblem) -> Value {
        let result = running.withLock { process in
            Result { () throws(ImageProblem) in try body(&process) }
        }
        return try result.get()
    }

    private func start(_ process: inout Process?) throws(ImageProblem) -> Process {
        if let process { return process }
        let (socket, number) = try spawn()
        let deadline = ci_worker_deadline(Int64(limits.patience))
        let hello: Reply
        switch receive(socket, deadline) {
        case .success(let reply): hello = reply
        case .failure(let silence):
            ci_worker_end(socket, number)
            let name = program.lastPathComponent
            throw .reader(
                silence == .gone
                    ? "\(name) ended at once"
                    : "\(name) did not answer within \(limits.patience) s")
        }
        let isConfined = String(decoding: hello.text, as: UTF8.self).contains("true")
        let started = Process(socket: socket, number: number, isConfined: isConfined)
        process = started
        return started
    }

    private func spawn() throws(ImageProblem) -> (socket: Int32, number: Int32) {
        var socket: Int32 = -1
        var number: Int32 = 0
        let status = ci_worker_start(
            program.path, limits.memory, Int64(limits.seconds), &socket, &number)
        guard status == 0 else {
            throw .reader(
                "\(program.path) cannot be started: \(String(cString: strerror(status)))")
        }
        return (socket, number)
    }

    private func exchange(
        _ kind: Kind, _ settings: [String], _ file: Int32, _ process: inout Process?
    ) throws(ImageProblem) -> Reply {
        let started = try start(&process)
        let text = settings.map { "\($0)\n" }.joined()
        let head = [Self.magic, kind.rawValue, UInt32(text.utf8.count), 1]
        let request = head.flatMap { withUnsafeBytes(of: $0, Array.init) } + Array(text.utf8)
        let deadline = ci_worker_deadline(Int64(limits.patience))
        let sent = ci_worker_send(started.socket, request, request.count, file)
        let result = sent == 0 ? receive(started.socket, deadline) : .failure(.gone)
        switch result {
        case .success(let reply): return reply
        case .failure(.late):
            ci_worker_end(started.socket, started.number)
            process = nil
            throw .reader("it took longer than \(limits.patience) s to read")
        case .failure(.gone):
            let signal = ci_worker_end(started.socket, started.number)
            process = nil
            throw .reader(
                signal == SIGXCPU
                    ? "it took longer than \(limits.seconds) s of the processor's time to read"
                    : "reading it ended the reader (signal \(signal))")
        }
    }

    private static let magic: UInt32 = 0x3157_4450

    private enum Silence: Error { case gone, late }

    private func receive(_ socket: Int32, _ deadline: Int64) -> Result<Reply, Silence> {
        func bytes(_ count: Int) throws(Silence) -> [UInt8] {
            var status: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                status = ci_worker_receive(socket, buffer.baseAddress, count, deadline)
                filled = status == Int32(CI_WORKER_READY) ? count : 0
            }
            if status == Int32(CI_WORKER_LATE) { throw .late }
            guard bytes.count == count else { throw .gone }
            return bytes
        }
        return Result { () throws(Silence) in
            let head = try bytes(24)
            let (magic, code, text, count) = head.withUnsafeBytes {
                (
                    $0.load(as: UInt32.self), $0.load(fromByteOffset: 4, as: UInt32.self),
                    $0.load(fromByteOffset: 8, as: UInt64.self),
                    $0.load(fromByteOffset: 16, as: UInt64.self)
                )
            }
            // The other end has read a stranger's file: what it says is looked at.
            guard magic == Self.magic, text <= 1 << 26, count <= 1 << 32 else { throw .gone }
            return Reply(code: code, text: try bytes(Int(text)), bytes: try bytes(Int(count)))
        }
    }
}
