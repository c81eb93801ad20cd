import FileFormats
import Foundation

/// Writes an event file that TensorBoard shows, `events.out.tfevents.<time>.preceptor`.
public final class TensorBoardWriter {
    public let url: URL
    private let file: AppendedFile

    /// Starts a new file in a folder that exists.
    ///
    /// - Parameters:
    ///   - restart: On a resumption, the first step that will be written again; TensorBoard then
    ///     forgets what files before this one hold for it and for later steps.
    ///   - time: In seconds since 1970.
    public init(
        folder: URL,
        restart: Int? = nil,
        time: Double = Date().timeIntervalSince1970
    ) throws(FormatError) {
        url = Self.freeName(in: folder, time: time)
        file = try AppendedFile(url, new: true)
        try write(.fileVersion, step: 0, time: time)
        if let restart { try write(.restart, step: restart, time: time) }
    }

    /// Appends the values of a row as scalars, tagged as the Hugging Face trainers do: `eval_loss`
    /// as `eval/loss`, `loss` as `train/loss`.
    public func append(_ row: MetricsRow) throws(FormatError) {
        let scalars = row.values.sorted { $0.key < $1.key }.map { name, value in
            (tag: Self.tag(of: name), value: value)
        }
        try write(.scalars(scalars), step: row.step, time: row.time)
    }

    /// Appends a text, in Markdown, for TensorBoard's text page.
    public func append(
        text: String,
        tag: String,
        step: Int,
        time: Double = Date().timeIntervalSince1970
    ) throws(FormatError) {
        try write(.text(tag: tag, text), step: step, time: time)
    }

    /// Returns when all events are on the disk.
    public func synchronize() throws(FormatError) {
        try file.synchronize()
    }

    private func write(
        _ content: TensorBoardEvent.Content,
        step: Int,
        time: Double
    ) throws(FormatError) {
        try file.append(TensorBoardEvent(time: time, step: step, content: content).record)
    }

    private static func tag(of name: String) -> String {
        name.hasPrefix("eval_") ? "eval/" + name.dropFirst("eval_".count) : "train/" + name
    }

    /// TensorBoard reads the files of a folder in the order of their names.
    private static func freeName(in folder: URL, time: Double) -> URL {
        let seconds = String(Int(time))
        let padding = String(repeating: "0", count: max(0, 10 - seconds.count))
        let base = "events.out.tfevents.\(padding)\(seconds).preceptor"
        var url = folder.appending(path: base)
        var count = 0
        while FileManager.default.fileExists(atPath: url.path) {
            count += 1
            url = folder.appending(path: "\(base).\(count)")
        }
        return url
    }
}
