import FileFormats
import Records

/// What tells images apart whatever they are called, the same on every machine.
enum ImageContent {
    /// A hash of each image's bytes; of a file that cannot be read, one of its path. Each file is
    /// read once.
    static func keys(of images: some Sequence<ImageReference>) -> [ImageReference: UInt64] {
        var (keys, files): ([ImageReference: UInt64], [String: UInt64]) = ([:], [:])
        for image in images where keys[image] == nil {
            let known = image.embedded == nil ? files[image.path] : nil
            let key = known ?? key(of: image) ?? fnv1a([image.path])
            if image.embedded == nil { files[image.path] = key }
            keys[image] = key
        }
        return keys
    }

    /// A quarter of SHA-256: among a million images two that differ have one key with a chance
    /// of 3e-8.
    private static func key(of image: ImageReference) -> UInt64? {
        guard let digest = try? Checksums.sha256(of: image) else { return nil }
        return UInt64(digest.prefix(16), radix: 16)
    }
}
