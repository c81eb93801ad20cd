import Records

/// The processors of transformers that are known, with the values that hold where a file is silent.
enum ProcessorKind: String {
    case clip = "CLIPImageProcessor"
    case llava = "LlavaImageProcessor"
    case bit = "BitImageProcessor"
    case siglip = "SiglipImageProcessor"
    case qwen2VL = "Qwen2VLImageProcessor"

    init(_ settings: ProcessorSettings) throws(ImageProblem) {
        let key =
            settings.value("image_processor_type") == nil
            ? "feature_extractor_type" : "image_processor_type"
        guard let name = settings.value(key)?.string else {
            throw .setting(key: "image_processor_type", "missing")
        }
        var plain = name.replacing("FeatureExtractor", with: "ImageProcessor")
        // The same processor on other libraries, and Qwen2.5-VL's before it was merged.
        for suffix in ["Fast", "Pil"] where plain.hasSuffix(suffix) {
            plain.removeLast(suffix.count)
        }
        plain = plain.replacing("Qwen2_5_VL", with: "Qwen2VL")
        guard let kind = ProcessorKind(rawValue: plain) else {
            throw .setting(key: key, "\(name) is not known")
        }
        self = kind
    }

    func steps(_ settings: ProcessorSettings) throws(ImageProblem) -> ImageSteps {
        var steps = ImageSteps()
        steps.patches = try patches(settings)
        steps.resize = try resize(settings, patches: steps.patches)
        steps.filter = try filter(settings)
        steps.crop = try crop(settings)
        if try settings.bool("do_rescale", default: true) {
            steps.rescale = try settings.number("rescale_factor") ?? 1 / 255
        }
        steps.normalize = try normalization(settings)
        steps.padding = try padding(settings)
        return steps
    }

    private func filter(_ settings: ProcessorSettings) throws(ImageProblem) -> ResampleFilter {
        guard let value = settings.value("resample") else { return .bicubic }
        guard let filter = value.integer.flatMap(ResampleFilter.init) else {
            throw .setting(key: "resample", "neither 2 (bilinear) nor 3 (bicubic)")
        }
        return filter
    }

    private func normalization(
        _ settings: ProcessorSettings
    ) throws(ImageProblem) -> ImageSteps.Normalization? {
        guard try settings.bool("do_normalize", default: true) else { return nil }
        let deviation = try settings.channels("image_std") ?? deviation
        guard deviation.allSatisfy({ $0 != 0 }) else {
            throw .setting(key: "image_std", "holds a zero")
        }
        return ImageSteps.Normalization(mean: try mean(settings), deviation: deviation)
    }

    private func mean(_ settings: ProcessorSettings) throws(ImageProblem) -> [Double] {
        try settings.channels("image_mean") ?? mean
    }

    private func padding(_ settings: ProcessorSettings) throws(ImageProblem) -> [UInt8]? {
        guard try settings.bool("do_pad", default: false) else { return nil }
        guard self == .llava else { throw .setting(key: "do_pad", "only LLaVA's processor pads") }
        return try mean(settings).map { UInt8(min(max($0 * 255, 0), 255)) }
    }

    private func crop(_ settings: ProcessorSettings) throws(ImageProblem) -> ImageSize? {
        guard self != .qwen2VL, try settings.bool("do_center_crop", default: self != .siglip) else {
            return nil
        }
        let key = "crop_size"
        guard let value = settings.value(key) else {
            if self == .siglip { throw .setting(key: key, "missing") }
            return ImageSize(width: 224, height: 224)
        }
        if let size = try rectangle(value, key, settings) { return size }
        let side = try ProcessorSettings.count(value, key)
        return ImageSize(width: side, height: side)
    }

    /// { height, width } or [height, width].
    private func rectangle(
        _ value: JSONValue, _ key: String, _ settings: ProcessorSettings
    ) throws(ImageProblem) -> ImageSize? {
        if let sides = value.array {
            guard sides.count == 2 else { throw .setting(key: key, "not two numbers") }
            return ImageSize(
                width: try ProcessorSettings.count(sides[1], key),
                height: try ProcessorSettings.count(sides[0], key))
        }
        guard let counts = try settings.counts(key), let height = counts["height"],
            let width = counts["width"], counts.count == 2
        else { return nil }
        return ImageSize(width: width, height: height)
    }

    // MARK: Size

    private func resize(
        _ settings: ProcessorSettings, patches: ImageSteps.Patches?
    ) throws(ImageProblem) -> ImageSteps.Resize? {
        guard try settings.bool("do_resize", default: true) else {
            guard patches == nil else {
                throw .setting(key: "do_resize", "patches need sizes that they divide")
            }
            return nil
        }
        if let patches { return try bounds(settings, factor: patches.side * patches.merge) }
        guard let value = settings.value("size") else {
            return self == .siglip
                ? .exact(ImageSize(width: 224, height: 224)) : .shortestEdge(224, longest: nil)
        }
        if let size = try rectangle(value, "size", settings) { return .exact(size) }
        guard let counts = try settings.counts("size") else {
            let side = try ProcessorSettings.count(value, "size")
            return try settings.bool("default_to_square", default: false)
                ? .exact(ImageSize(width: side, height: side)) : .shortestEdge(side, longest: nil)
        }
        guard let edge = counts["shortest_edge"],
            Set(counts.keys).isSubset(of: ["shortest_edge", "longest_edge"])
        else {
            throw .setting(key: "size", "neither height and width nor shortest_edge")
        }
        return .shortestEdge(edge, longest: counts["longest_edge"])
    }

    private func patches(_ settings: ProcessorSettings) throws(ImageProblem) -> ImageSteps.Patches?
    {
        guard self == .qwen2VL else { return nil }
        let patches = ImageSteps.Patches(
            side: try settings.count("patch_size") ?? 14,
            merge: try settings.count("merge_size") ?? 2,
            frames: try settings.count("temporal_patch_size") ?? 2)
        guard patches.side <= 1024, patches.merge <= 64, patches.frames <= 64 else {
            throw .setting(key: "patch_size", "patches of unlikely size")
        }
        return patches
    }

    /// `min_pixels` and `max_pixels` go before `size`, whose keys have had two spellings.
    private func bounds(
        _ settings: ProcessorSettings, factor: Int
    ) throws(ImageProblem) -> ImageSteps.Resize {
        var size =
            try settings.counts("size") ?? [
                "shortest_edge": 56 * 56, "longest_edge": 28 * 28 * 1280,
            ]
        for (old, new) in [("min_pixels", "shortest_edge"), ("max_pixels", "longest_edge")] {
            size[new] = try settings.count(old) ?? size[new] ?? size[old]
        }
        guard let least = size["shortest_edge"], let most = size["longest_edge"] else {
            throw .setting(key: "size", "neither shortest_edge and longest_edge nor pixels")
        }
        return .within(
            pixels: ImageSteps.PixelBounds(least: least, most: most), factor: factor)
    }

    // MARK: Where a file is silent

    private var mean: [Double] {
        self == .siglip ? [0.5, 0.5, 0.5] : [0.48145466, 0.4578275, 0.40821073]
    }

    private var deviation: [Double] {
        self == .siglip ? [0.5, 0.5, 0.5] : [0.26862954, 0.26130258, 0.27577711]
    }
}
