import CTorch

/// Settings of the engine as a whole; to be made before the first tensor.
public enum Runtime {
    /// Starts the engine: memory that is kept between operators, and the number of CPU threads.
    ///
    /// - Parameter threads: CPU threads for one operator; nil leaves libtorch's own choice.
    public static func start(threads: Int? = nil) {
        ct_tune_memory()
        if let threads { ct_set_threads(Int32(max(1, threads))) }
    }

    /// CPU threads one operator may use.
    public static var threads: Int { Int(ct_threads()) }

    /// The version of libtorch this program was built against.
    public static var libtorchVersion: String { String(cString: ct_version()) }

    /// Gives memory that is free back to the system.
    public static func trimMemory() { ct_trim_memory() }

    /// Ends the program with one sentence: an operator failed, which is a fault of the program, or
    /// memory ran out, which is not.
    static func fail(_ operation: @autoclosure () -> String) -> Never {
        let reason = String(cString: ct_last_error())
        if ct_last_error_is_memory() {
            fatalExit("out of memory: use fewer tokens a step, checkpoint_activations, or bf16")
        }
        fatalError("\(operation()): \(reason)")
    }
}
