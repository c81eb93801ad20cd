import Foundation

/// Our end of a pipe, which no child inherits; nothing here waits.
struct PipeEnd {
    let descriptor: Int32

    init(_ handle: FileHandle) {
        descriptor = handle.fileDescriptor
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    /// What is there now, at most this many bytes; nil at the end.
    func receive(atMost count: Int) -> [UInt8]? {
        var isOpen = true
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { space, filled in
            let got = read(descriptor, space.baseAddress, space.count)
            isOpen = got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR))
            filled = max(0, got)
        }
        return isOpen ? bytes : nil
    }

    /// How many bytes were taken; nil when nobody reads any more.
    func send(_ bytes: ArraySlice<UInt8>) -> Int? {
        withoutBrokenPipe {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 { return count }
            return errno == EAGAIN || errno == EINTR ? 0 : nil
        }
    }

    /// Holds SIGPIPE back on this thread, and takes it if it comes: it would end this process.
    private func withoutBrokenPipe<Result>(_ body: () -> Result) -> Result {
        var (signals, old, pending) = (sigset_t(), sigset_t(), sigset_t())
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, &old)
        let result = body()
        sigpending(&pending)
        var taken: Int32 = 0
        if sigismember(&old, SIGPIPE) == 0, sigismember(&pending, SIGPIPE) == 1 {
            sigwait(&signals, &taken)
        }
        pthread_sigmask(SIG_SETMASK, &old, nil)
        return result
    }
}
