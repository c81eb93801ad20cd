import Feedback
import Foundation
import Records

/// Reads images of cases, as `images render` and `images deidentify` do.
package protocol ImageRendering: Sendable {
    /// A file without what identifies somebody.
    ///
    /// - Parameter looked: Somebody has looked at the picture: text in it holds nothing back.
    /// - Throws: `ServiceError.invalid` with what is wrong with the file, or why it is held back.
    func deidentified(_ data: Data, looked: Bool) async throws(ServiceError) -> Data

    /// What is known of an image that can be decoded as a whole.
    ///
    /// - Throws: `ServiceError.invalid` with what is wrong with the file.
    func facts(of file: URL) async throws(ServiceError) -> CaseImageFacts

    /// One frame as PNG of 8 bits.
    ///
    /// - Parameters:
    ///   - frame: From 0.
    ///   - window: The grey values to show; nil for what the file asks for.
    /// - Throws: `ServiceError.invalid` also for a frame that is not there.
    func png(of file: URL, frame: Int, window: ImageWindow?) async throws(ServiceError) -> Data
}

/// What is done about whom an image shows, before it is kept.
package enum ImageIdentity: String, CaseIterable, Sendable {
    /// What identifies somebody goes; where the pixels may hold text, nothing is kept.
    case remove
    /// The same, by somebody who has looked at the pixels.
    case looked
    /// The file stays as it is.
    case keep
}

/// What is known of an image; nothing about whom it shows.
package struct CaseImageFacts: Encodable, Sendable, Hashable {
    /// In pixels, upright.
    package var width: Int
    package var height: Int
    package var frames: Int
    /// The grey values that the file asks to be shown; nil where there is nothing to choose.
    package var window: ImageWindow?

    package init(width: Int, height: Int, frames: Int, window: ImageWindow?) {
        (self.width, self.height, self.frames) = (width, height, frames)
        self.window = window
    }
}
