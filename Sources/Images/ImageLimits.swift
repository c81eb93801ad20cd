/// How large an image may be. Sizes are compared as headers declare them, before any allocation.
package struct ImageLimits: Sendable, Hashable {
    /// Of the stored image, width x height.
    package var pixels: Int
    /// Of the decoded values of one frame.
    package var decodedBytes: Int
    /// Of the file.
    package var fileBytes: Int

    package init(
        pixels: Int = 64_000_000, decodedBytes: Int = 512 << 20, fileBytes: Int = 1 << 30
    ) {
        self.pixels = pixels
        self.decodedBytes = decodedBytes
        self.fileBytes = fileBytes
    }

    package static let standard = ImageLimits()
    /// For files that this program has written itself.
    static let unbounded = ImageLimits(fileBytes: .max)

    /// Refuses a file of this size.
    ///
    /// - Throws: `.tooLarge`.
    func check(bytes: Int) throws(ImageProblem) {
        guard bytes <= fileBytes else {
            throw .tooLarge("\(bytes >> 20) MiB; at most \(fileBytes >> 20)")
        }
    }

    /// Refuses an image of this size, with so many bytes a pixel.
    ///
    /// - Throws: `.corrupt` for a side of zero, `.tooLarge`.
    func check(_ size: ImageSize, bytesPerPixel: Int = 3) throws(ImageProblem) {
        guard size.width > 0, size.height > 0 else { throw .corrupt("it declares no pixels") }
        let (count, overflow) = size.width.multipliedReportingOverflow(by: size.height)
        guard !overflow, count <= pixels else {
            throw .tooLarge("it declares \(size) pixels; at most \(pixels / 1_000_000) million")
        }
        guard count <= decodedBytes / bytesPerPixel else {
            throw .tooLarge(
                "\(size) pixels take more than \(decodedBytes >> 20) MiB when decoded")
        }
    }
}
