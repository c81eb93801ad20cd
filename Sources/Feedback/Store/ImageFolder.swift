import FileFormats
import Foundation
import Records

/// The files of the images of cases, each under the SHA-256 of its content: the same image is there
/// once, and one that is there never changes.
package struct ImageFolder: Sendable {
    /// The largest file, in bytes.
    package static let limit = 64 * 1024 * 1024

    package let url: URL

    /// A folder, which is made with the first image.
    package init(_ url: URL) {
        self.url = url
    }

    /// Keeps a file. Returns once it is on the disk.
    ///
    /// - Throws: `FeedbackError.invalid` for what is no image or too large, `.file`.
    package func add(_ data: Data) throws(FeedbackError) -> CaseImage {
        let kind = try Self.kind(of: data)
        let hash = data.withUnsafeBytes { Checksums.sha256(of: $0) }
        let image = CaseImage(hash: hash, kind: kind)
        let file = file(of: image)
        guard !Self.exists(file) else { return image }
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            try AtomicFile.write(data, to: file)
        } catch let error as FormatError {
            throw .file(error.description)
        } catch {
            throw .file("\(url.path): cannot be made")
        }
        return image
    }

    /// What a file is.
    ///
    /// - Throws: `FeedbackError.invalid` for what is no image or too large.
    package static func kind(of data: Data) throws(FeedbackError) -> ImageKind {
        guard data.count <= limit else {
            throw .invalid(field: "image", reason: "is larger than \(limit >> 20) MiB")
        }
        guard let kind = ImageKind(of: data) else {
            throw .invalid(field: "image", reason: "is neither PNG, JPEG, WebP nor DICOM")
        }
        return kind
    }

    /// The image with this content; nil where it is not here.
    package func find(_ hash: String) -> CaseImage? {
        guard hash.utf8.count == 64, hash.utf8.allSatisfy(Self.isDigit) else { return nil }
        return ImageKind.allCases.map { CaseImage(hash: hash, kind: $0) }
            .first { Self.exists(file(of: $0)) }
    }

    /// Where an image lies.
    package func file(of image: CaseImage) -> URL {
        url.appending(path: image.fileName)
    }

    /// Where images lie, for a model to read.
    ///
    /// - Throws: `FeedbackError.notFound` for one whose file is gone.
    package func references(_ images: [CaseImage]) throws(FeedbackError) -> [ImageReference] {
        var references: [ImageReference] = []
        for image in images {
            guard find(image.hash) == image else { throw .missing(image) }
            references.append(ImageReference(path: file(of: image).path))
        }
        return references
    }

    /// Removes a file that no case names any more.
    package func remove(_ image: CaseImage) {
        // What a state file calls an image need not be the name of one.
        guard find(image.hash) == image else { return }
        // One that is left behind takes up room and does no harm else.
        try? FileManager.default.removeItem(at: file(of: image))
    }

    private static func exists(_ url: URL) -> Bool {
        FileManager.default.fileExists(atPath: url.path)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

extension FeedbackError {
    /// The file of an image is not in the folder.
    static func missing(_ image: CaseImage) -> FeedbackError {
        .notFound("file of the image", id: "\(image.hash.prefix(16))… in the folder of images")
    }
}
