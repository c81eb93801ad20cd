import CTorch

/// One operator of libtorch, found by name once and called through the dispatcher.
public struct Operator: @unchecked Sendable {  // the handle is immutable and lives for ever
    /// Name and overload, such as `aten::sum.dim_IntList`.
    public let name: String
    private let handle: CTOperator

    /// Looks the operator up; one that libtorch does not have is a fault of the program.
    public init(_ name: String) {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        guard let handle = ct_operator_find(parts[0], parts.count > 1 ? parts[1] : "") else {
            Runtime.fail("operator \(name)")
        }
        self.name = name
        self.handle = handle
    }

    /// Its schema as libtorch prints it.
    public var schema: String { String(cString: ct_operator_schema(handle)) }

    /// Calls an operator that returns one tensor.
    @discardableResult
    public func callAsFunction(_ arguments: Argument...) -> Tensor {
        let results = call(arguments)
        precondition(results.count == 1, "\(name) returned \(results.count) tensors")
        return results[0]
    }

    /// Calls an operator that returns any number of tensors.
    public func all(_ arguments: Argument...) -> [Tensor] { call(arguments) }

    private func call(_ arguments: [Argument]) -> [Tensor] {
        var packed = PackedArguments(arguments)
        let results = packed.withPools { list, pools in
            withUnsafeTemporaryAllocation(of: CTTensor?.self, capacity: 256) { slots in
                slots.initialize(repeating: nil)
                let count = ct_operator_call(
                    handle, list.baseAddress, list.count, pools, slots.baseAddress, slots.count)
                if count < 0 { Runtime.fail("\(name)(\(arguments))") }
                return slots.prefix(Int(count)).compactMap { $0.map(Tensor.init(owned:)) }
            }
        }
        withExtendedLifetime(arguments) {}
        return results
    }
}

/// Arguments laid out for the C side: one flat record each, lists in shared pools.
private struct PackedArguments {
    private var list: [CTArgument] = []
    private var integers: [Int64] = []
    private var numbers: [Double] = []
    private var tensors: [CTTensor?] = []
    private var strings: [[CChar]] = []
    private var stringPlaces: [Int] = []

    init(_ arguments: [Argument]) {
        list.reserveCapacity(arguments.count)
        for argument in arguments { append(argument) }
    }

    mutating func withPools<Result>(
        _ body: (UnsafeBufferPointer<CTArgument>, CTPools) -> Result
    ) -> Result {
        if strings.isEmpty { return withFilledPools(body) }
        let copies = strings.map { text in
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: text.count)
            copy.initialize(from: text, count: text.count)
            return copy
        }
        defer { for copy in copies { copy.deallocate() } }
        for (place, copy) in zip(stringPlaces, copies) {
            list[place].pointer = UnsafeRawPointer(copy)
        }
        return withFilledPools(body)
    }

    private func withFilledPools<Result>(
        _ body: (UnsafeBufferPointer<CTArgument>, CTPools) -> Result
    ) -> Result {
        integers.withUnsafeBufferPointer { integers in
            numbers.withUnsafeBufferPointer { numbers in
                tensors.withUnsafeBufferPointer { tensors in
                    list.withUnsafeBufferPointer { list in
                        body(
                            list,
                            CTPools(
                                integers: integers.baseAddress, numbers: numbers.baseAddress,
                                tensors: tensors.baseAddress))
                    }
                }
            }
        }
    }

    private mutating func append(_ argument: Argument) {
        switch argument {
        case .none: add(CT_NONE)
        case .standard: add(CT_DEFAULT)
        case .tensor(let value): add(CT_TENSOR, pointer: UnsafeRawPointer(value.handle))
        case .int(let value): add(CT_INT, integer: value)
        case .double(let value): add(CT_DOUBLE, number: value)
        case .bool(let value): add(CT_BOOL, integer: value ? 1 : 0)
        case .string(let value):
            stringPlaces.append(list.count)
            strings.append(Array(value.utf8CString))
            add(CT_STRING)
        case .device(let value):
            add(CT_DEVICE, integer: Int(value.code.type), count: Int(value.code.index))
        case .generator(let value): add(CT_GENERATOR, pointer: UnsafeRawPointer(value.handle))
        case .ints(let value):
            add(CT_INTS, integer: integers.count, count: value.count)
            for element in value { integers.append(Int64(element)) }
        case .doubles(let value):
            add(CT_DOUBLES, integer: numbers.count, count: value.count)
            numbers += value
        case .tensors(let value):
            add(CT_TENSORS, integer: tensors.count, count: value.count)
            for element in value { tensors.append(element.handle) }
        case .optionalTensors(let value):
            add(CT_OPTIONAL_TENSORS, integer: tensors.count, count: value.count)
            for element in value { tensors.append(element?.handle) }
        }
    }

    private mutating func add(
        _ kind: CTKind, integer: Int = 0, count: Int = 0, number: Double = 0,
        pointer: UnsafeRawPointer? = nil
    ) {
        list.append(
            CTArgument(
                kind: kind, integer: Int64(integer), count: Int64(count), number: number,
                pointer: pointer))
    }
}
