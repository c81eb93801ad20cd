import Foundation

/// What standard error is connected to.
enum Terminal {
    /// Whether someone may be watching a line that is rewritten.
    static var isInteractive: Bool {
        isatty(STDERR_FILENO) == 1 && variable("TERM") != "dumb"
    }

    /// Whether colours are welcome (no-color.org).
    static var hasColour: Bool { isInteractive && variable("NO_COLOR").isEmpty }

    /// Characters in a line at this moment, 80 where the terminal does not say.
    static var columns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    private static func variable(_ name: String) -> String {
        ProcessInfo.processInfo.environment[name] ?? ""
    }
}
