import Records

/// A tensor's description in a safetensors header.
struct SafetensorsEntry {
    let name: String
    let value: JSONValue
    let file: String

    /// The tensor, its range checked against its shape but not yet against the file.
    ///
    /// - Parameter start: The file offset of the data.
    func tensor(start: Int) throws(FormatError) -> SafetensorsTensor {
        let (dtype, shape) = (try dtype(), try shape())
        guard let count = ShapeProduct.of(shape + [dtype.byteCount]) else {
            throw failure("the shape \(shape) is too large")
        }
        let (begin, end) = try offsets()
        guard end - begin == count else {
            throw failure("has \(end - begin) bytes, its shape needs \(count)")
        }
        guard !start.addingReportingOverflow(end).overflow else {
            throw failure("offset \(end) is too large")
        }
        return SafetensorsTensor(
            name: name,
            dtype: dtype,
            shape: shape,
            offset: start + begin,
            byteCount: count
        )
    }

    private func dtype() throws(FormatError) -> SafetensorsDType {
        guard let name = value["dtype"]?.string else { throw failure("has no dtype") }
        guard let dtype = SafetensorsDType(rawValue: name) else {
            throw failure("dtype \(name) is not supported")
        }
        return dtype
    }

    private func shape() throws(FormatError) -> [Int] {
        guard let shape = sizes("shape") else { throw failure("has no shape of whole numbers") }
        return shape
    }

    private func offsets() throws(FormatError) -> (Int, Int) {
        guard let offsets = sizes("data_offsets"), offsets.count == 2, offsets[0] <= offsets[1]
        else { throw failure("has no data_offsets of two rising whole numbers") }
        return (offsets[0], offsets[1])
    }

    private func sizes(_ key: String) -> [Int]? {
        guard let elements = value[key]?.array else { return nil }
        let sizes = elements.compactMap { element -> Int? in
            if case .integer(let size) = element, size >= 0 { size } else { nil }
        }
        return sizes.count == elements.count ? sizes : nil
    }

    private func failure(_ reason: String) -> FormatError {
        FormatError(file: file, item: name, reason: reason)
    }
}
