import Torch

/// Starts the engine once for all tests of a process, with two threads.
public func startEngine() { Engine.started }

private enum Engine {
    static let started: Void = {
        do {
            try Runtime.start(threads: 2)
        } catch {
            fatalError("\(error)")
        }
    }()
}
