import CTorch
import Foundation

/// Settings of the engine as a whole; to be made before the first tensor.
public enum Runtime {
    /// Starts the engine: memory that is kept between operators and ends where the machine's does,
    /// and the number of CPU threads.
    ///
    /// - Parameter threads: CPU threads for one operator; nil is as many as this process may keep
    ///   busy.
    /// - Throws: ``ProcessorError`` when `PRECEPTOR_CPU` names what is not there.
    public static func start(threads: Int? = nil) throws(ProcessorError) {
        try Processor.check()
        let group = ControlGroup()
        ct_tune_memory()
        limitMemory(to: group.memoryLimit)
        ct_set_threads(Int32(max(1, threads ?? availableProcessors(group))))
    }

    /// Processors that this process may keep busy: those it may run on, and no more than its
    /// control group grants.
    public static func availableProcessors(_ group: ControlGroup = ControlGroup()) -> Int {
        let allowed = ProcessInfo.processInfo.activeProcessorCount
        guard let quota = group.processorLimit else { return allowed }
        return max(1, min(allowed, Int(quota.rounded(.up))))
    }

    /// Makes memory that a control group would kill this process for a failed allocation instead,
    /// which ends the run with advice.
    private static func limitMemory(to limit: Int?) {
        #if os(Linux)
            guard let limit else { return }
            var current = rlimit()
            guard getrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &current) == 0 else {
                return
            }
            current.rlim_cur = min(current.rlim_cur, rlim_t(limit))
            _ = setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &current)
        #endif
    }

    /// CPU threads one operator may use.
    public static var threads: Int { Int(ct_threads()) }

    /// Floating-point operations a second in a product of a layer's size with many rows, the best
    /// of a few tries: what a machine can do now, in about a tenth of a second.
    public static func measuredSpeed(_ dtype: DType) -> Double {
        let (rows, inputs, outputs) = (512, 576, 1536)
        let x = Tensor.full([rows, inputs], 0.5).to(dtype)
        let weight = Tensor.full([outputs, inputs], 0.25).to(dtype)
        let seconds = (0..<5).map { _ in
            let start = ContinuousClock.now
            _ = x.projected(weight)
            let time = (ContinuousClock.now - start).components
            return Double(time.seconds) + Double(time.attoseconds) * 1e-18
        }
        return Double(2 * rows * inputs * outputs) / max(seconds.min() ?? 0, 1e-9)
    }

    /// The version of libtorch this program was built against.
    public static var libtorchVersion: String { String(cString: ct_version()) }

    /// Gives memory that is free back to the system.
    public static func trimMemory() { ct_trim_memory() }

    /// Ends the program with one sentence: an operator failed, which is a fault of the program, or
    /// memory ran out, which is not.
    static func fail(_ operation: @autoclosure () -> String) -> Never {
        let reason = String(cString: ct_last_error())
        if ct_last_error_is_memory() {
            fatalExit("out of memory: use fewer tokens a step, gradient_checkpointing, or bf16")
        }
        fatalError("\(operation()): \(reason)")
    }
}
