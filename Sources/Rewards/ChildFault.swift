/// Why a child program gave no answer.
enum ChildFault: Error, Hashable, CustomStringConvertible {
    case cannotStart(String)
    case ended(String)
    case timeout(seconds: Double)
    case notANumber
    case lineTooLong
    case tooManyLines

    /// Whether it may work when started anew.
    var mayPass: Bool {
        switch self {
        case .ended, .timeout: true
        case .cannotStart, .notANumber, .lineTooLong, .tooManyLines: false
        }
    }

    var description: String {
        switch self {
        case .cannotStart(let reason): "the program cannot be started: \(reason)"
        case .ended(let how): "the program \(how) before it had answered"
        case .timeout(let seconds):
            "the program gave no answer within \(seconds) s (does it flush after each line?)"
        case .notANumber: "the program's answer is neither a number nor null"
        case .lineTooLong: "the program's answer has no line end within 64 KB"
        case .tooManyLines: "the program wrote more lines than it was given"
        }
    }
}
