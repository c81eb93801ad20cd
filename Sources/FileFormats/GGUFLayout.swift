/// Checks where the tensors of a GGUF file lie.
enum GGUFLayout {
    /// The tensors at absolute offsets, and the place of every name among them.
    static func place(
        _ infos: [GGUFTensorInfo],
        start: Int,
        alignment: Int,
        file: MappedFile
    ) throws(FormatError) -> (tensors: [GGUFTensor], indices: [String: Int]) {
        var tensors: [GGUFTensor] = []
        var indices: [String: Int] = [:]
        tensors.reserveCapacity(infos.count)
        indices.reserveCapacity(infos.count)
        for info in infos {
            guard indices.updateValue(tensors.count, forKey: info.name) == nil else {
                throw FormatError(
                    file: file.path,
                    item: info.name,
                    reason: "the tensor stands twice"
                )
            }
            let offset = try offset(of: info, start: start, alignment: alignment, file: file)
            tensors.append(
                GGUFTensor(
                    name: info.name,
                    shape: info.shape,
                    type: info.type,
                    offset: offset,
                    byteCount: info.byteCount
                )
            )
        }
        try checkOverlaps(tensors, file: file)
        return (tensors, indices)
    }

    private static func offset(
        of info: GGUFTensorInfo,
        start: Int,
        alignment: Int,
        file: MappedFile
    ) throws(FormatError) -> Int {
        guard let relative = Int(exactly: info.offset), relative % alignment == 0 else {
            throw FormatError(
                file: file.path,
                item: info.name,
                reason: "offset \(info.offset) is not a multiple of \(alignment)"
            )
        }
        let (offset, overflow) = start.addingReportingOverflow(relative)
        guard !overflow else {
            throw FormatError(
                file: file.path,
                item: info.name,
                reason: "offset \(relative) is too large"
            )
        }
        // An empty tensor at the end may start behind lost padding.
        if info.byteCount > 0 {
            _ = try file.bytes(at: offset, count: info.byteCount, item: info.name)
        }
        return offset
    }

    private static func checkOverlaps(
        _ tensors: [GGUFTensor],
        file: MappedFile
    ) throws(FormatError) {
        var end = 0
        for tensor in tensors.filter({ $0.byteCount > 0 }).sorted(by: { $0.offset < $1.offset }) {
            guard tensor.offset >= end else {
                throw FormatError(
                    file: file.path,
                    item: tensor.name,
                    reason: "overlaps another tensor"
                )
            }
            end = tensor.offset + tensor.byteCount
        }
    }
}
