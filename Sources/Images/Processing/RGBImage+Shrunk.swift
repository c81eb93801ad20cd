extension RGBImage {
    /// No larger than `side` pixels on either side, bicubic; smaller images stay as they are.
    package func shrunk(toSide side: Int) -> RGBImage {
        let longest = max(width, height)
        guard longest > side else { return self }
        func shorter(_ length: Int) -> Int { max(1, (length * side + longest / 2) / longest) }
        return Resampler.resize(
            self, to: ImageSize(width: shorter(width), height: shorter(height)), filter: .bicubic)
    }
}
