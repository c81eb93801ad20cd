import FileFormats
import Foundation

/// The training process of a job, remembered on disk in case the server is killed.
///
/// The process ends by itself when the server's end of its standard input closes; this is for one
/// that hangs.
struct LeftoverChild: Sendable {
    let folder: JobFolder

    func remember(_ process: Int32) throws(FormatError) {
        try AtomicFile.write("\(process)\n", to: folder.child)
    }

    func forget() {
        try? FileManager.default.removeItem(at: folder.child)
    }

    /// Ends the process if it still lives: SIGTERM, then SIGKILL after `grace`.
    func end(grace: Duration) async {
        defer { forget() }
        guard let text = try? String(contentsOf: folder.child, encoding: .utf8),
            let process = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)),
            process > 1, isOurs(process)
        else { return }
        kill(-process, SIGTERM)
        let deadline = ContinuousClock.now + grace
        while isOurs(process), .now < deadline {
            try? await Task.sleep(for: .milliseconds(50))
        }
        if isOurs(process) { kill(-process, SIGKILL) }
    }

    /// Whether the process is the job's training and not another that was given its number: it
    /// names the job's recipe. Where the system does not tell, it is left alone.
    private func isOurs(_ process: Int32) -> Bool {
        guard let words = FileManager.default.contents(atPath: "/proc/\(process)/cmdline")
        else { return false }
        return words.split(separator: 0).contains(Data(folder.recipe.path.utf8))
    }
}
