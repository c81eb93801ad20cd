import ArgumentParser
import Datasets
import Generation

/// Where the images of a file's records are, as far as the file does not say.
struct RecordImageOptions: ParsableArguments {
    @Option(
        name: [.customLong("image-root"), .customLong("images")],
        help: "The folder that image paths count from; that of the data file when left out.")
    var root: String?

    @Option(
        name: .customLong("image-key"),
        help: "The column that holds images, where it is not image, images or image_name.")
    var key: String?

    var origin: ImageOrigin { ImageOrigin(root: root, column: key) }

    /// The words of a command line that say the same.
    var words: [String] {
        [("--images", root), ("--image-key", key)].compactMap { name, value in
            value.map { "\(name)=\($0)" }
        }
    }
}

extension LanguageModel {
    /// Says how many records hold an image, where the model reads images and some hold none.
    func noteShare(of records: [some DatasetRecord]) {
        guard vision != nil else { return }
        if let few = ImageShare(records.map { !$0.images.isEmpty }).note { Output.note(few) }
    }
}
