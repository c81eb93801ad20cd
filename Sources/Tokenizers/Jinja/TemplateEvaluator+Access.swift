extension TemplateEvaluator {
    /// What `object.name` gives.
    func member(_ object: TemplateValue, _ name: String) throws(TemplateError) -> TemplateValue {
        switch object {
        case .undefined(let what): throw fault(what)
        case .dictionary(let dictionary):
            try charge(dictionary.members.count)
            return dictionary[name] ?? .undefined("there is no member '\(name)'")
        case .namespace(let namespace):
            return namespace.members[name] ?? .undefined("the namespace has no '\(name)'")
        default: return .undefined("\(object.typeName) has no member '\(name)'")
        }
    }

    /// What `object[index]` gives.
    func element(
        _ object: TemplateValue,
        _ index: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        switch (object, index) {
        case (_, .string(let name)): return try member(object, name)
        case (.list(let list), .integer(let index)):
            let place = index < 0 ? index + list.items.count : index
            return list.items.indices.contains(place)
                ? list.items[place] : .undefined("the list has no element \(index)")
        case (.string(let text), .integer(let index)):
            try charge(text.utf8.count / 16)
            let scalars = Array(text.unicodeScalars)
            let place = index < 0 ? index + scalars.count : index
            return scalars.indices.contains(place)
                ? .string(String(Character(scalars[place])))
                : .undefined("the string has no character \(index)")
        case (.undefined(let what), _): throw fault(what)
        default: return .undefined("\(object.typeName) has no such element")
        }
    }

    /// What `object[start:stop:step]` gives.
    func slice(
        _ object: TemplateValue,
        _ bounds: TemplateSlice
    ) throws(TemplateError) -> TemplateValue {
        let (start, stop) = (try bound(bounds.start), try bound(bounds.stop))
        let step = try bound(bounds.step) ?? 1
        switch object {
        case .list(let list):
            let places = try places(list.items.count, start, stop, step)
            return try self.list(places.map { list.items[$0] })
        case .string(let text):
            let scalars = Array(text.unicodeScalars)
            var result = String.UnicodeScalarView()
            for place in try places(scalars.count, start, stop, step) {
                result.append(scalars[place])
            }
            return try string(String(result))
        default:
            throw undefinedFault(object) ?? fault("a slice of \(object.typeName)")
        }
    }

    private func bound(_ expression: TemplateExpression?) throws(TemplateError) -> Int? {
        guard let expression else { return nil }
        switch try evaluate(expression) {
        case .none: return nil
        case let value:
            guard let index = Self.integer(value) else {
                throw undefinedFault(value) ?? fault("a slice needs whole numbers")
            }
            return index
        }
    }

    /// The places that a slice of Python takes.
    private func places(
        _ count: Int,
        _ start: Int?,
        _ stop: Int?,
        _ step: Int
    ) throws(TemplateError) -> [Int] {
        guard step != 0, step != .min else { throw fault("a slice cannot have this step") }
        try charge(count)
        let (low, high) = step > 0 ? (0, count) : (-1, count - 1)
        func clamped(_ bound: Int?, _ standard: Int) -> Int {
            guard let bound else { return standard }
            return min(max(bound < 0 ? bound + count : bound, low), high)
        }
        let from = clamped(start, step > 0 ? low : high)
        let to = clamped(stop, step > 0 ? high : low)
        return Array(stride(from: from, to: to, by: step))
    }

    /// What a loop goes over.
    func items(of value: TemplateValue) throws(TemplateError) -> [TemplateValue] {
        switch value {
        case .list(let list):
            try charge(list.items.count)
            return list.items
        case .dictionary(let dictionary):
            try charge(dictionary.members.count)
            return dictionary.members.map { .string($0.key) }
        case .string(let text):
            try charge(text.utf8.count * 4)
            return text.unicodeScalars.map { .string(String(Character($0))) }
        case .undefined: return []
        default: throw fault("\(value.typeName) cannot be looped over")
        }
    }
}
