/// Columns that say which images a record has.
public enum ImageColumns {
    /// Those that are read where nobody names another. `image_name` is VQA-RAD's; beside one of the
    /// others it is a remark.
    public static let read = ["image", "images", "image_name"]

    /// A column that seems to say which images the record has and is not one of those that do:
    /// the record would be taken for one without images, and a model learn to guess.
    ///
    /// - Parameter named: a column that is read besides.
    package static func unread(
        in columns: [String: JSONValue], named: String? = nil
    ) -> String? {
        columns.keys.sorted().first { name in
            guard !read.contains(name), name != named, !others.contains(name),
                let value = columns[name]
            else { return false }
            let first = value.array?.first ?? value
            if first["bytes"] != nil || first["base64"] != nil { return true }
            let written = first.string ?? first["path"]?.string ?? first["url"]?.string
            guard let written, !written.isEmpty else { return false }
            return customary.contains(name.lowercased()) || written.namesPicture
                || written.isEncodedImage
        }
    }

    /// What data sets in use call theirs.
    private static let customary: Set<String> = [
        "image_path", "image_paths", "image_file", "image_files", "image_url", "image_urls",
        "images_path", "img", "imgs", "img_path", "img_name", "img_file", "img_url", "media",
        "picture", "pictures", "photo", "pixel_values", "image_base64", "image_data",
    ]

    /// Pictures that a record may have beside those it asks about, as MMedPO's, and columns of
    /// words, which may well end in the name of a file.
    private static let others: Set<String> = [
        "rejected_image", "rejected_noised", "chosen_noised", "text", "prompt", "completion",
        "problem", "solution", "question", "answer", "options", "instruction", "input", "output",
        "system", "chosen", "rejected", "request", "generated_response", "preferred_response",
        "diagnosis", "synonyms",
    ]
}

extension String {
    /// Whether it is a file's name that ends as pictures do.
    fileprivate var namesPicture: Bool {
        guard utf8.count <= 1024, !contains(where: \.isNewline), let dot = lastIndex(of: ".") else {
            return false
        }
        return [
            "png", "jpg", "jpeg", "webp", "dcm", "dicom", "gif", "bmp", "tif", "tiff",
        ].contains(self[index(after: dot)...].lowercased())
    }
}
