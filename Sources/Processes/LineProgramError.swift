/// Why a program gave no answer.
package enum LineProgramError: Error, Hashable, CustomStringConvertible {
    case cannotStart(String)
    case ended(String)
    case timeout(seconds: Double)
    case lineTooLong
    case tooManyLines
    /// What is wrong with an answer, as the end of "the program's answer ...".
    case invalidAnswer(String)

    /// Whether it may work when started anew.
    package var mayPass: Bool {
        switch self {
        case .ended, .timeout: true
        case .cannotStart, .lineTooLong, .tooManyLines, .invalidAnswer: false
        }
    }

    package var description: String {
        switch self {
        case .cannotStart(let reason): "the program cannot be started: \(reason)"
        case .ended(let how): "the program \(how) before it had answered"
        case .timeout(let seconds):
            "the program gave no answer within \(seconds) s (does it flush after each line?)"
        case .lineTooLong: "the program's answer has no line end within 64 KB"
        case .tooManyLines: "the program wrote more lines than it was given"
        case .invalidAnswer(let reason): "the program's answer \(reason)"
        }
    }
}
