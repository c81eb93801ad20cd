import Foundation

/// This program at work once more, in a process of its own.
///
/// Foundation's `Process` tells neither the memory that a child held nor puts it into a group of
/// its own, without which the terminal's Ctrl-C would reach it twice.
struct ChildCommand {
    /// How it ended.
    struct Ending {
        /// Nil when a signal ended it.
        let status: Int32?
        let signal: Int32?
        let peakMemoryBytes: Int
    }

    /// A child that could not be started.
    struct Failure: Error, CustomStringConvertible {
        let code: Int32
        var description: String { "cannot start a process: \(String(cString: strerror(code)))" }
    }

    let process: pid_t

    /// - Parameters:
    ///   - arguments: the subcommand and its words.
    ///   - output: where both of its streams go.
    ///   - input: what it reads; it ends when this ends, see ``ParentWatch``.
    init(_ arguments: [String], output: Int32, input: Int32) throws(Failure) {
        #if os(Linux)
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #else
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        // The study ignores these signals, and a child would inherit that.
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETPGROUP))
        let program = Bundle.main.executablePath ?? CommandLine.arguments[0]
        let environment = ProcessInfo.processInfo.environment
            .merging([ParentWatch.variable: "1"]) { $1 }
            .map { "\($0.key)=\($0.value)" }
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { for text in words + variables { free(text) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, program, &actions, &attributes, &words, &variables)
        guard code == 0 else { throw Failure(code: code) }
        self.process = process
    }

    func send(_ signal: Int32) { kill(process, signal) }

    /// Nil while it works; asked again after the end it would name another process.
    func poll() -> Ending? {
        var status: Int32 = 0
        var usage = rusage()
        guard wait4(process, &status, WNOHANG, &usage) == process else { return nil }
        let signal = status & 0x7F
        #if os(Linux)
            let unit = 1024
        #else
            let unit = 1
        #endif
        return Ending(
            status: signal == 0 ? (status >> 8) & 0xFF : nil, signal: signal == 0 ? nil : signal,
            peakMemoryBytes: Int(usage.ru_maxrss) * unit)
    }
}

/// Ends a command when the study that started it is gone, however that ended.
///
/// A study holds the other end of the command's standard input. When the kernel closes it, the
/// command asks itself to stop: a training writes its checkpoint first.
enum ParentWatch {
    static let variable = "PRECEPTOR_ENDS_WITH_INPUT"

    static func start() {
        guard ProcessInfo.processInfo.environment[variable] != nil else { return }
        Thread.detachNewThread {
            var byte: UInt8 = 0
            while true {
                let count = read(STDIN_FILENO, &byte, 1)
                if count == 0 || count < 0 && errno != EINTR { break }
            }
            kill(getpid(), SIGTERM)
        }
    }
}
