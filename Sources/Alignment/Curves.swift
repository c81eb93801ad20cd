import FileFormats
import Foundation
import Recipes
import Tracking

/// The curves of a run in their three forms.
struct Curves {
    private let log: MetricsLog
    private let board: TensorBoardWriter
    private let folder: RunFolder

    /// On resumption rows past the checkpoint are dropped, so that no step stands twice.
    init(folder: RunFolder, resumedAt step: Int) throws {
        self.folder = folder
        let isNew = !FileManager.default.fileExists(atPath: folder.metrics.path)
        log = try MetricsLog(url: folder.metrics)
        try log.truncate(afterStep: step)
        board = try TensorBoardWriter(folder: folder.url, restart: isNew ? nil : step + 1)
    }

    func append(_ row: MetricsRow) throws {
        try log.append(row)
        try board.append(row)
    }

    func synchronize() throws {
        try log.synchronize()
        try board.synchronize()
    }

    func plot() throws {
        try writeLossChart(of: MetricsLog.rows(of: folder.metrics), to: folder.lossPlot)
    }
}
