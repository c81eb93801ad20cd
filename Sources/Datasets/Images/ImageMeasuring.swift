import Dispatch
import Records

/// Tells how many tokens of a model an image takes.
///
/// Records, trainers and evaluations ask before any work starts, so that a damaged file is a
/// problem of its record and not of a step. Implementations remember what they measured: an image
/// that many records use is decoded once.
public protocol ImageMeasuring: Sendable {
    /// The tokens that the image takes, counted after the model has merged patches.
    ///
    /// The image is decoded, so what is measured is sound.
    ///
    /// - Throws: `ImageFault` when the file is missing, damaged or not to be used.
    func grid(of reference: ImageReference) throws(ImageFault) -> ImageGrid
}

extension ImageMeasuring {
    /// Measures images on all cores, each once, so that later questions are answered from memory.
    func measure(_ references: [ImageReference]) {
        let once = Array(Set(references))
        DispatchQueue.concurrentPerform(iterations: once.count) { index in
            // A fault is remembered too, and told of each record that has the image.
            _ = try? grid(of: once[index])
        }
    }
}

/// Why an image cannot be used.
public struct ImageFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file, as the reference has it.
    public let path: String
    /// What is wrong with it, as the end of a sentence.
    public let reason: String

    /// What is wrong with a file.
    public init(path: String, reason: String) {
        (self.path, self.reason) = (path, reason)
    }

    /// File and reason.
    public var description: String { "image \(path): \(reason)" }
}
