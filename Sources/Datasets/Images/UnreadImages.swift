import Records

extension RecordSource {
    /// A column that seems to say which images the record has and is not one of those that do:
    /// the record would be taken for one without images, and a model learn to guess.
    var unreadImageColumn: String? {
        columns.keys.sorted().first { name in
            guard !Self.imageColumns.contains(name), !Self.otherPictures.contains(name),
                let value = columns[name]
            else { return false }
            let first = value.array?.first ?? value
            if first["bytes"] != nil || first["base64"] != nil { return true }
            let written = first.string ?? first["path"]?.string ?? first["url"]?.string
            guard let written, !written.isEmpty else { return false }
            return Self.customary.contains(name.lowercased()) || written.namesPicture
        }
    }

    /// What data sets in use call theirs.
    private static let customary: Set<String> = [
        "image_path", "image_paths", "image_file", "image_files", "image_url", "image_urls",
        "images_path", "img", "imgs", "img_path", "img_name", "img_file", "img_url", "media",
        "picture", "pictures", "photo", "pixel_values", "image_base64", "image_data",
    ]

    /// Pictures that a record may have beside those it asks about, as MMedPO's.
    private static let otherPictures: Set<String> = [
        "rejected_image", "rejected_noised", "chosen_noised",
    ]
}

extension String {
    /// Whether it is a file's name that ends as pictures do, or a picture written out.
    fileprivate var namesPicture: Bool {
        if hasPrefix("data:image/") { return true }
        guard utf8.count <= 1024, !contains(where: \.isNewline), let dot = lastIndex(of: ".") else {
            return false
        }
        return [
            "png", "jpg", "jpeg", "webp", "dcm", "dicom", "gif", "bmp", "tif", "tiff",
        ].contains(self[index(after: dot)...].lowercased())
    }
}
