import Datasets
import Images
import Models
import Records
import Synchronization

/// Tells how many tokens an image takes, and reads each file once to see that it is sound.
final class ImageMeter: ImageMeasuring {
    private let processor: ImageProcessor
    private let configuration: VisionConfiguration
    private let known = Mutex<[ImageReference: Result<ImageGrid, ImageFault>]>([:])

    init(_ processor: ImageProcessor, _ configuration: VisionConfiguration) {
        self.processor = processor
        self.configuration = configuration
    }

    /// - Throws: ``ImageFault`` when the file is missing, damaged or too large.
    func grid(of reference: ImageReference) throws(ImageFault) -> ImageGrid {
        if let result = known.withLock({ $0[reference] }) { return try result.get() }
        let result = Result { () throws(ImageFault) in try measure(reference) }
        known.withLock { $0[reference] = result }
        return try result.get()
    }

    private func measure(_ reference: ImageReference) throws(ImageFault) -> ImageGrid {
        do throws(ImageError) {
            let image = try ImageFile.read(reference)
            return configuration.tokens(patches: try processor.grid(for: image.size))
        } catch {
            throw ImageFault(path: reference.path, reason: "\(error.problem)")
        }
    }
}
