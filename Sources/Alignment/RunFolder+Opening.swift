import Foundation
import Recipes

extension RunFolder {
    /// Creates the folder for a new run, or opens it to resume.
    ///
    /// - Throws: ``TrainingError/runExists(_:)`` rather than mixing two runs, or
    ///   ``TrainingError/nothingToResume(_:)``.
    func open(resuming: Bool) throws {
        let exists = FileManager.default.fileExists(atPath: manifest.path)
        if exists, !resuming { throw TrainingError.runExists(url.path) }
        if !exists, resuming { throw TrainingError.nothingToResume(url.path) }
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        removeUnfinished()
    }

    /// Removes what a killed process had begun to write.
    private func removeUnfinished() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        for name in names where name.hasPrefix(".") && name.hasSuffix(".partial") {
            try? FileManager.default.removeItem(at: url.appending(path: name))
        }
    }
}
