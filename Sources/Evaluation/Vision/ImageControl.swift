import FileFormats
import Foundation
import Images
import Records

/// What a model is shown in the place of a question's image.
public enum ImageCondition: String, Sendable, Hashable, Codable, CaseIterable {
    /// The image itself.
    case image
    /// A grey one of the same size, so that the prompt has as many tokens.
    case blank
    /// That of another question, see ``ImageDerangement``.
    case shuffled
}

/// Images made by the program, as files: what is measured on them is what a file would do.
struct MadeImages {
    let folder: URL

    /// - Throws: `FormatError` when the folder cannot be made.
    init(_ folder: URL) throws(FormatError) {
        self.folder = folder
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw FormatError(file: folder.path, reason: error.localizedDescription)
        }
    }

    /// Writes an image as PNG.
    ///
    /// - Throws: `FormatError` when it cannot be written.
    func write(_ image: RGBImage, as name: String) throws(FormatError) -> ImageReference {
        let url = folder.appending(path: name + ".png")
        let bytes: [UInt8]
        do {
            bytes = try PNGFile.bytes(of: image)
        } catch {
            throw FormatError(file: url.path, reason: error.description)
        }
        try AtomicFile.write(Data(bytes), to: url)
        return ImageReference(path: url.path)
    }

    /// A grey image of the same size as another; one file for each size.
    ///
    /// - Throws: `FormatError` when the other cannot be read or this one not be written.
    func blank(like reference: ImageReference) throws(FormatError) -> ImageReference {
        let size: ImageSize
        do {
            size = try ImageFile.size(of: reference)
        } catch {
            throw FormatError(file: error.file, reason: error.problem.description)
        }
        let name = "blank-\(size.width)x\(size.height)"
        let file = folder.appending(path: name + ".png")
        if FileManager.default.fileExists(atPath: file.path) {
            return ImageReference(path: file.path)
        }
        let grey = [UInt8](repeating: 128, count: size.width * size.height * 3)
        return try write(
            RGBImage(width: size.width, height: size.height, pixels: grey), as: name)
    }
}

extension ImageDerangement {
    /// Tells images apart by the bytes of their files.
    ///
    /// - Returns: nil when all are equal.
    /// - Throws: `FormatError` when a file cannot be read.
    init?(files images: [ImageReference], seed: UInt64) throws(FormatError) {
        var contents: [ImageReference: String] = [:]
        for image in images where contents[image] == nil {
            contents[image] = "\(try Checksums.sha256(of: image)) \(image.frame ?? 0)"
        }
        self.init(images, seed: seed) { contents[$0] }
    }
}
